"""Ratings on the stage: a map of the films, and under Try it recommendations that follow what is rated."""

from core.runs.config import RunConfig

# A few hundred steps: enough for films of one genre to lie together.
RUN = RunConfig(dataset="ratings", dataset_parameters={"users": 200, "titles": 60, "ratings": 4000},
                architecture="factorization", architecture_parameters={"width": 4}, l2=0.001, epochs=6,
                batch_size=64)
ROWS = "() => [...document.querySelectorAll('.try-bars .try-class')].map((one) => one.textContent).join()"


def test_recommendations_follow_the_ratings(open_tab):
    tab = open_tab(RUN, width=1280, height=720)
    tab.press("train")
    tab.until_status("finished")
    legend = tab.page.locator(".st-key-predictions .live-name")
    assert sorted(legend.all_inner_texts()) == ["Action", "Comedy", "Drama", "Horror", "Romance"]
    tab.page.click(".st-key-predictions .live-face")
    tab.until("() => document.querySelectorAll('.try-bars li').length === 10")
    verdict, before = tab.page.locator(".try-verdict"), tab.page.evaluate(ROWS)
    assert verdict.inner_text() == "For everyone"
    rated = tab.page.locator(".try-ratings li")
    liked = rated.first.locator(".try-title").inner_text()
    rated.first.get_by_role("button", name="5 of 5").click()
    rated.nth(1).get_by_role("button", name="1 of 5").click()
    tab.until(f"(before) => ({ROWS})() !== before", before)
    assert verdict.inner_text() == "For you" and liked not in tab.page.evaluate(ROWS).split(",")
    # A film added by name, and what is like one.
    tab.page.locator(".try-search").fill("Horror 3")
    assert rated.first.locator(".try-title").inner_text() == "Horror 3"
    rated.first.locator(".try-title").click()
    tab.until("() => document.querySelector('.try-more').textContent.startsWith('Like Horror 3: ')")
    # Someone of the dataset, with what they rated; nobody beyond the last.
    tab.page.locator(".try-number").fill("12")
    tab.until("() => document.querySelector('.try-verdict').textContent === 'For user 12'")
    tab.until("() => document.querySelectorAll('.try-ratings li').length > 5")
    tab.page.locator(".try-number").fill("900")
    assert verdict.inner_text() == "For user 12"
