"""A run that becomes the start of the next one, from the menu of its chip."""

from core.runs.config import RunConfig

DIGITS = RunConfig.from_dict({
    "dataset": "digits", "dataset_parameters": {"classes": list("01234")}, "epochs": 3, "batch_size": 256,
    "architecture": "cnn", "architecture_parameters": {"filters": [4], "dense_units": [8]}})


def test_a_run_becomes_the_start_of_the_next_one(open_tab):
    tab = open_tab(DIGITS)
    tab.press("train")
    tab.until_status("finished")
    tab.page.click(".live-chip-more")
    tab.page.click(".live-menu-start")
    tab.page.wait_for_selector(".st-key-start >> text=Starts from the end of")
    tab.page.click("text=Layers taken over")
    tab.page.wait_for_selector(".st-key-start_layers")
    tab.press("train")
    tab.until("() => document.querySelectorAll('.live-runs .live-chip').length === 2")
    tab.until_status("finished")
