"""Sentences on the stage: listed, chosen, typed; each word in the colour of what it speaks for."""

import pytest

from core.datasets import available
from core.runs.config import RunConfig

pytestmark = pytest.mark.skipif(not available("sentence_polarity"), reason="would have to be downloaded")
# Twenty steps: what is tested needs no good network.
RUN = RunConfig(dataset="sentence_polarity", dataset_parameters={"vocabulary": 500, "length": 12},
                architecture="embeddings", architecture_parameters={"width": 8}, learning_rate=0.01, epochs=2,
                batch_size=64, training_size=600)
WORDS = "() => [...document.querySelectorAll('.try-words span')].filter((one) => one.style.background)"
TOLD = f"(count) => ({WORDS})().length === count"


def test_sentences_are_listed_chosen_and_typed(open_tab):
    tab = open_tab(RUN, width=1280, height=720)
    listed = tab.page.locator(".live-gallery.sentences figure")
    assert listed.count() == 18 and "unseen" in listed.first.inner_text()
    tab.press("train")
    tab.until_status("finished")
    # Mistakes first; the text stands beside what was predicted, and a click shows it in the network.
    said = listed.first.locator("p:not(.live-likely)").inner_text()
    assert "✕" in listed.first.inner_text() and len(said) > 10
    listed.nth(1).click()
    tab.until("() => document.querySelectorAll('.sentences figure')[1].ariaPressed === 'true'")
    chosen = listed.nth(1).locator("p:not(.live-likely)").inner_text()
    tab.page.click(".st-key-predictions .live-face")
    area = tab.page.locator(".try-sentence")
    assert area.input_value() == chosen
    area.fill("a wonderful , moving film , never dull")
    tab.until(TOLD, 6)
    assert tab.page.locator(".try-verdict").inner_text().partition(",")[0] in ("negative", "positive")
    assert tab.page.locator(".try-more").inner_text().startswith("For ")
    # Unknown words only, none at all, and too many characters.
    area.fill("qqzx")
    tab.until("() => document.querySelector('.try-more').textContent.startsWith('None of these')")
    area.fill("")
    assert "Type a sentence" in tab.page.locator(".try-verdict").inner_text()
    area.fill("word " * 100_000)
    assert "Shorten it to 10,000" in tab.page.locator(".try-verdict").inner_text()
    area.fill("dull")
    tab.until(TOLD, 1)
