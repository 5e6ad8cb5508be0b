"""The main job in a real browser: press Train, and watch and steer a network that learns."""

import psutil
import pytest
from playwright.sync_api import expect

from core.runs.config import RunConfig
from ui.form.permalink import to_params

LONG = RunConfig(epochs=1000)
# However slow a browser is, it is not over while something is done beside it.
LONGER = LONG.replaced(batch_size=1)
CHARTS = ("loss_curve", "accuracy_curve", "confusion_matrix", "predictions")
LOSS = "document.querySelector('.st-key-loss_curve .live-chart')"
X_RANGE = "(node) => [...node._fullLayout.xaxis.range]"


def drag(tab, chart: str) -> None:
    """Zoom by the mouse into the left half of a chart."""
    tab.page.locator(f".st-key-{chart}").scroll_into_view_if_needed()
    box = tab.page.locator(f".st-key-{chart} .live-chart .nsewdrag").first.bounding_box()
    mouse, y = tab.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 0.1 * box["width"], y)
    mouse.down()
    for share in (0.2, 0.3, 0.5):
        mouse.move(box["x"] + share * box["width"], y)
    mouse.up()


def test_curves_move_in_place_and_zoom_survives(open_tab):
    tab = open_tab(LONG)
    assert tab.can("train") and not tab.can("stop") and tab.number("Step") == 0
    for name in CHARTS:
        tab.chart(name, "(node) => { node.marked = node.querySelector('svg').marked = true }")
    tab.page.keyboard.press("t")
    tab.until_status("training")
    tab.until_updates(5)
    before = tab.curve()
    drag(tab, "loss_curve")
    tab.until(f"() => {LOSS}._fullLayout.xaxis.autorange === false")
    zoomed = tab.chart("loss_curve", X_RANGE)
    tab.until_updates(30)
    for name in CHARTS:  # pictures are drawn less often than curves
        tab.until_updates(max(0, 6 - tab.updates(name)), name)
    after = tab.curve()
    assert len(after["training"][0]) > len(before["training"][0]) > 0
    assert after["training"][1][0] == before["training"][1][0], "what was drawn stays"
    for name in CHARTS:
        same = tab.chart(name, "(node) => node.marked && node.querySelector('svg').marked")
        assert same, f"{name} was rebuilt"
    assert tab.chart("loss_curve", X_RANGE) == zoomed
    assert tab.chart("accuracy_curve", X_RANGE) != zoomed


def test_pause_resume_step_stop_reset(open_tab):
    tab = open_tab(LONG)
    tab.press("train")
    tab.until_step(10)
    tab.press("pause")
    tab.until_status("paused")
    held = tab.number("Step")
    tab.page.wait_for_timeout(1000)  # nothing can be waited for: nothing may happen
    assert tab.number("Step") == held
    tab.press("resume")
    tab.until_step(int(held) + 10)
    tab.page.keyboard.press("s")
    tab.until_status("stopped")
    assert 0 < tab.number("Step") < 3000
    # The run may end while the page is being drawn, after its buttons: the next look draws them.
    expect(tab.page.locator(".st-key-stop button")).to_be_disabled()
    tab.press("reset")
    tab.until_status("paused")
    assert tab.number("Step") == 0 and tab.chips() == 2
    tab.press("step")  # an epoch is 3 steps
    tab.until_step(3)
    tab.page.select_option(".st-key-step_unit select", "step")
    for step in range(4, 10):
        tab.press("step")
        tab.until_step(step)
        # A tick that brings the same click again would take a step more.
        tab.page.wait_for_timeout(300)
        assert tab.number("Step") == step
    tab.until_status("paused")


def test_a_new_learning_rate_is_marked_on_the_curve(open_tab):
    tab = open_tab(LONGER)
    tab.press("train")
    tab.until_step(10)
    marked = ("(node) => [...node.querySelectorAll('.live-painted text')].map((one) => one.textContent)"
              ".join()")
    assert "rate" not in tab.chart("loss_curve", marked)
    box = tab.page.locator(".st-key-learning_rate input")
    box.fill("0.002")
    box.press("Enter")
    tab.until(f"() => ({marked})({LOSS}).includes('rate 0.002')")
    tab.curve()
    told = tab.chart("loss_curve", "({layout}) => [layout.shapes.length, layout.annotations[0].text]")
    assert told == [1, "rate 0.002"], "Plotly tells whoever points at it the same"
    tab.until("() => location.search.includes('learning_rate=0.002')")
    assert tab.chips() == 1, "it is still the same run"


def test_the_page_process_loads_neither_keras_nor_jax(open_tab, server):
    if not hasattr(psutil.Process, "memory_maps"):
        pytest.skip("this system does not tell what a process has loaded")
    tab = open_tab(LONG)
    tab.press("train")
    tab.until_step(10)

    def loads_jax(process: psutil.Process) -> bool:
        return any("jaxlib" in one.path for one in process.memory_maps())

    assert not loads_jax(psutil.Process(server.process.pid))
    assert any(loads_jax(one) for one in server.family()), "the check can fail"


def test_a_link_gives_the_same_curve_in_another_browser_and_f5_finds_it_again(open_tab, new_tab):
    config = RunConfig(epochs=20, dropout_rate=0.2, seed=5, batch_size=25,
                       architecture_parameters={"hidden_units": (9,)})
    one = open_tab(config)
    one.press("train")
    one.until_status("finished")
    other = new_tab().open(one.page.url)
    assert other.chips() == 0 and other.number("Step") == 0, "a run of somebody else"
    other.press("train")
    other.until_status("finished")
    curve = one.curve()
    assert len(curve["training"][0]) == len(curve["validation"][0]) == 20
    assert other.curve() == curve
    assert other.curve("accuracy_curve") == one.curve("accuracy_curve")
    assert one.chips() == 1, "the other browser's run is not seen here"
    one.page.reload()
    one.ready().until_status("finished")
    assert one.curve() == curve and one.chips() == 1


def test_axes_follow_the_shown_run_whatever_lies_behind_it(open_tab):
    tab = open_tab(RunConfig(epochs=12))
    tab.press("train")
    tab.until_status("finished")
    tab.page.locator(".st-key-epochs input").fill("4")
    tab.page.locator(".st-key-epochs input").press("Enter")
    tab.until("() => location.search.includes('epochs=4')")
    tab.press("train")
    tab.until("() => document.querySelectorAll('.live-runs .live-chip').length === 2")
    tab.until_status("finished")
    tab.until(f"() => {LOSS}.data.length === 5")
    assert tab.chart("loss_curve", X_RANGE)[1] < 5
    tab.page.get_by_role("group", name="Runs").locator(".live-show").first.click()
    tab.until(f"() => {LOSS}._fullLayout.xaxis.range[1] > 11")


def test_f5_finds_a_run_that_goes_on(open_tab):
    tab = open_tab(LONGER)
    tab.press("train")
    tab.until_step(150)  # Iris has 150 examples: the first epoch is over, and drawn
    before = tab.curve()["training"][1][0]
    tab.page.reload()
    tab.ready().until_status("training")
    step = tab.number("Step")
    tab.until_step(int(step) + 10)
    assert step > 0 and tab.chips() == 1 and tab.curve()["training"][1][0] == before


def test_a_sidebar_that_is_opened_late_changes_nothing(open_tab):
    """The browser builds its widgets only then; none may come with a value of its own."""
    config = RunConfig(dataset="digits", activation="tanh", learning_rate=0.005, batch_size=64, epochs=3,
                       seed=7, validation_share=0.1, dropout_rate=0.25,
                       architecture_parameters={"hidden_units": [12, 8]})
    tab = open_tab(config, width=390, height=844)
    wanted = to_params(config)
    address = "() => Object.fromEntries(new URLSearchParams(location.search))"
    tab.until("(least) => location.search.length >= least", 50)
    tab.page.locator("[data-testid=stExpandSidebarButton]").click()
    tab.page.locator(".st-key-batch_size input").wait_for()
    assert tab.page.locator(".st-key-batch_size input").input_value() == "64"
    assert tab.page.locator(".st-key-learning_rate input").input_value() == "0.005"
    tab.page.keyboard.press("t")
    tab.until_status("finished")
    assert tab.page.evaluate(address) == wanted
    assert "12-8 tanh" in tab.page.locator(".live-chip").inner_text()
    assert "0.005" in tab.page.locator(".live-chip").inner_text()


def test_nothing_is_wider_than_a_telephone(open_tab, server):
    tab = open_tab(RunConfig(epochs=2), width=390, height=844)
    wider = """() => [...document.querySelectorAll("html, body, [data-testid=stMain], .live, .live-card")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className || one.tagName)"""
    assert not tab.page.evaluate(wider)
    tab.press("train")
    tab.until_status("finished")
    assert not tab.page.evaluate(wider)
    tab.page.goto(f"{server.url}/home")
    tab.page.wait_for_selector(".st-key-open_try button")
    assert not tab.page.evaluate(wider)
    tab.press("open_try")
    tab.ready().until("() => location.search.includes('architecture=mlp')")
    assert not tab.page.evaluate(wider)


def test_the_coach_says_what_it_sees_and_its_button_changes_the_choices(open_tab):
    tab = open_tab(RunConfig(epochs=2))
    place = tab.page.locator(".st-key-coach")
    line = place.locator(".live-coach-line")
    expect(line).to_be_disabled()
    top = tab.page.locator(".st-key-loss_curve").bounding_box()["y"]
    tab.press("train")
    tab.until_status("finished")
    expect(line).to_contain_text("Too few epochs")
    assert tab.page.locator(".st-key-loss_curve").bounding_box()["y"] == top, "nothing jumps"
    line.click()
    button = place.locator("[data-name=too_few_epochs] .live-coach-button")
    expect(button).to_have_text("Train for 100 epochs")
    button.click()
    expect(place.locator("[data-name=too_few_epochs]")).to_contain_text("Changed: epochs 2 → 100.")
    expect(place.get_by_role("button", name="Train")).to_be_visible()
    tab.page.wait_for_url("**epochs=100*")
    tab.until_status("finished")
    assert tab.chips() == 1, "it starts nothing by itself"
    tab.page.go_back()
    expect(tab.page.locator(".st-key-epochs input")).to_have_value("2")
