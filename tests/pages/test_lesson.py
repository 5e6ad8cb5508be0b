"""A lesson on the Playground: predict, run, read what happened, take the challenge."""

from tests.pages.reading import keys, unescaped

NAME = "learning_rate"
OPTION, SURE = f"lesson_option_{NAME}", f"lesson_sure_{NAME}"


def radio(page, key: str):
    return page.at.radio(key=key)


def test_a_lesson_from_the_prediction_to_the_challenge(open_page):
    page = open_page(lesson=NAME)
    # Of the form, only what the lesson leaves free.
    assert keys(page) == {"learning_rate", "learning_rate_scale", "pace"}
    assert "A neuron learns y = 2x" in unescaped(page)
    assert page.parts["network"]["layers"][0]["label"] == "x" or page.parts["status"]["status"] == "ready"
    page.press("train")
    assert not page.runs and "Make your prediction first." in unescaped(page)
    radio(page, OPTION).set_value(0)
    page.run().press("train")
    assert not page.runs and "Say how sure you are first." in unescaped(page)
    radio(page, SURE).set_value(2)
    page.run().press("train")
    [run] = page.runs
    assert run.config.dataset == "hello" and run.config.learning_rate == 0.03
    page.until("finished")
    # The link says the lesson and what it leaves free, which is all there is to say.
    assert page.at.query_params == {"lesson": NAME, "learning_rate": "0.03"}
    page.run()
    assert "Larger steps do arrive sooner" in unescaped(page) and "0.03" in unescaped(page)
    page.press("lesson_onward")
    assert "Find three learning rates" in unescaped(page)
    page.press("lesson_hint")
    assert "more than half of what it was" in unescaped(page)
    page.press("lesson_leave")
    assert {"dataset", "epochs", "optimizer"} <= keys(page)
    assert page.at.query_params["dataset"] == "hello"


def test_a_prediction_is_locked_whatever_the_browser_says(open_page):
    page = open_page(lesson=NAME)
    radio(page, OPTION).set_value(0)
    radio(page, SURE).set_value(0)
    page.run()
    # The same browser, which still shows the question while another of its tabs trains.
    page.at.button(key="train").click()
    radio(page, OPTION).set_value(1)
    page.run()
    page.until("finished")
    page.run()
    assert "Larger steps do arrive sooner" in unescaped(page)
    assert all(element.key not in (OPTION, SURE) for element in page.at.radio)


def test_an_unknown_lesson_is_refused_in_words(open_page):
    page = open_page(lesson="nonsense")
    assert "There is no lesson called 'nonsense'" in unescaped(page)
    assert page.at.query_params["dataset"] == "iris"
