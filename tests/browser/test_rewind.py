"""The slider of the run bar rewinds everything on the page, and leads back to the run as it is."""

from core.runs.config import RunConfig

# What the page shows: points of the loss curve, the matrix, the status.
SHOWN = """() => {
  const matrix = document.querySelector(".st-key-confusion_matrix .live-chart").data
  const trace = matrix?.find((one) => one.type === "heatmap")
  return {word: document.querySelector(".live-word").textContent,
    epoch: document.querySelector(".live-line b").textContent,
    horizon: document.querySelector(".st-key-loss_curve .live-chart")._fullLayout.xaxis.range[1],
    reached: Number(document.querySelector(".st-key-loss_curve .live-chart").dataset.reached),
    matrix: trace ? JSON.stringify(trace.text) : ""}
}"""


def drag(tab, share: float) -> None:
    """Drag the thumb from where it is to a share of the slider."""
    slider = tab.page.locator(".st-key-rewind input")
    box, mouse = slider.bounding_box(), tab.page.mouse
    value = slider.evaluate("(node) => Number(node.value) / Number(node.max)")
    middle, width = box["y"] + box["height"] / 2, box["width"] - 14
    mouse.move(box["x"] + 7 + value * width, middle)
    mouse.down()
    mouse.move(box["x"] + 7 + share * width, middle, steps=4)
    mouse.up()


def test_the_slider_rewinds_everything_and_leads_back(open_tab):
    tab = open_tab(RunConfig(epochs=20), width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    tab.until("() => document.querySelector('.st-key-confusion_matrix .live-chart').data?.length")
    slider = tab.page.locator(".st-key-rewind input")
    assert slider.get_attribute("aria-valuetext") == "Epoch 20 of 20"
    end = tab.page.evaluate(SHOWN)
    before, chip = slider.bounding_box(), tab.page.locator(".live-chip.shown")
    left = chip.bounding_box()["x"]
    drag(tab, 0.0)
    tab.until_status("rewound")
    tab.until("() => document.querySelector('.st-key-loss_curve .live-chart').dataset.reached < 10")
    tab.until("(before) => JSON.stringify(document.querySelector('.st-key-confusion_matrix .live-chart').data"
              ".find((one) => one.type === 'heatmap').text) !== before", end["matrix"])
    assert slider.bounding_box() == before, "what appears beside it moves no thumb under the hand"
    first = tab.page.evaluate(SHOWN)
    assert first["word"] == "Rewound" and float(first["epoch"].split("/")[0]) < 10
    assert first["horizon"] == end["horizon"] == 20, "nothing jumps"
    assert abs(chip.bounding_box()["x"] - left) < 2
    tab.until("(value) => document.querySelector('.st-key-rewind input').ariaValueText !== value",
              "Epoch 20 of 20")
    tab.page.keyboard.press(".")
    tab.until("(epoch) => document.querySelector('.live-line b').textContent !== epoch", first["epoch"])
    # Home and End of the slider itself, then Play from the first moment to the end.
    slider.press("Home")
    tab.until("(epoch) => document.querySelector('.live-line b').textContent === epoch", first["epoch"])
    tab.page.click(".st-key-rewind .run-speed")  # twice as fast
    tab.page.click(".st-key-rewind .run-play")
    tab.until_status("finished")
    tab.until("(end) => document.querySelector('.st-key-loss_curve .live-chart').dataset.reached == end",
              end["reached"])
    tab.until(f"(end) => JSON.stringify(({SHOWN})()) === JSON.stringify(end)", end)
    assert slider.get_attribute("aria-valuetext") == "Epoch 20 of 20"


def test_a_run_trains_on_while_an_earlier_moment_is_shown(open_tab):
    tab = open_tab(RunConfig(epochs=1000), width=390, height=844)
    tab.press("train")
    tab.until("() => document.querySelector('.st-key-rewind input:enabled')?.value >= 100")
    tab.page.locator(".st-key-rewind input").scroll_into_view_if_needed()
    tab.page.keyboard.press(",")
    tab.until_status("rewound")
    before = tab.number("Step")
    tab.page.wait_for_timeout(600)
    assert tab.number("Step") == before
    tab.page.locator(".st-key-rewind input").press("End")
    tab.until_status("training")
    tab.until_step(int(before) + 15)
