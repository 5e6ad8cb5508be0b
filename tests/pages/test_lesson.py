"""A lesson on the Playground: predict, run, read what happened, take the challenge."""

from core.lessons.reading import lessons
from tests.pages.reading import keys, unescaped
from ui.session import runs

NAME = "learning_rate"
LESSON = lessons()[NAME]
OPTION, SURE = f"lesson_option_{NAME}", f"lesson_sure_{NAME}"


def beginning(text: str) -> str:
    """The first words of a text, up to the first fact or sign of Markdown."""
    return text.strip().partition("{")[0].partition("*")[0].partition("\n")[0].strip()


def test_a_lesson_from_the_prediction_to_the_challenge(open_page):
    page = open_page(lesson=NAME)
    # Of the form, only what the lesson leaves free.
    assert keys(page) == {"learning_rate", "learning_rate_scale", "pace"}
    assert beginning(LESSON.text) in unescaped(page)
    assert page.parts["status"]["sentence"] == "Make your prediction first."
    page.press("train")
    assert not page.runs and "Make your prediction first." in unescaped(page)
    page.at.radio(key=OPTION).set_value(0)
    page.run().press("train")
    assert not page.runs and "Say how sure you are first." in unescaped(page)
    page.at.radio(key=SURE).set_value(2)
    assert page.run().parts["status"]["sentence"] == "Now press Train."
    page.press("train")
    [run] = page.runs
    assert run.config == LESSON.config
    # The link says the lesson and what it leaves free, which is all there is to say.
    assert page.at.query_params == {"lesson": NAME, "learning_rate": f"{LESSON.config.learning_rate:g}"}
    page.press("stop").until("stopped")
    assert beginning(LESSON.prediction.options[0].why) in unescaped(page.run())
    page.press("lesson_onward")
    assert beginning(LESSON.challenge.text) in unescaped(page)
    assert LESSON.challenge.hints[0] not in unescaped(page)
    page.press("lesson_hint")
    assert LESSON.challenge.hints[0] in unescaped(page) and LESSON.challenge.hints[1] not in unescaped(page)
    page.press("lesson_leave")
    assert {"dataset", "epochs", "optimizer"} <= keys(page)
    assert page.at.query_params["dataset"] == LESSON.config.dataset


def test_a_challenge_offers_and_keeps_what_it_leaves_free(open_page):
    # Lesson 11: the sample may be repaired, but the task stays as hard as it is, whatever a link says.
    page = open_page(lesson="data", **{"dataset.rare_share": "0.02"})
    attempt = runs.service().attempts.of(page.at.session_state[runs.OWNER], lessons()["data"])
    attempt.tried = tuple(attempt.runs)
    page.run()
    assert {key for key in keys(page) if key.startswith("moons_")} == {"moons_count", "moons_sampled_from"}
    assert page.at.session_state["moons_rare_share"] == 0


def test_an_unknown_lesson_is_refused_in_words(open_page):
    page = open_page(lesson="nonsense")
    assert "There is no lesson called 'nonsense'" in unescaped(page)
    assert page.at.query_params["dataset"] == "iris"
