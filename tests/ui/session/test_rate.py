"""The rate of updates: it falls as pages or their cost grow, and does not flicker."""

from hypothesis import given
from hypothesis import strategies as st

from ui.session.rate import AROUND, SHARE, STEPS, Rate


def costing(seconds: float) -> Rate:
    rate = Rate()
    rate.cost = seconds
    return rate


def test_one_learner_has_the_fastest_rate():
    assert costing(0.005).look(1) == STEPS[0]


def test_the_rate_falls_at_once_as_pages_come_and_rises_when_they_have_gone():
    rate = costing(0.005)
    seconds = [rate.look(pages) for pages in (1, 10, 30, 200, 30, 10, 1)]
    assert seconds[:4] == sorted(seconds[:4])
    assert seconds[3] > seconds[0]
    assert seconds[-1] == STEPS[0]


@given(cost=st.floats(1e-4, 0.06), pages=st.integers(1, 30))
def test_all_looks_together_keep_within_their_share(cost: float, pages: int):
    seconds = costing(cost).look(pages)
    assert seconds == STEPS[-1] or pages * cost * AROUND <= SHARE * seconds


def test_a_load_at_the_edge_does_not_flicker():
    rate, edge = costing(0.0), SHARE * 0.5 / AROUND / 10  # ten pages just fit into half a second
    seen = []
    for wobble in (1.01, 0.99, 1.01, 0.99, 1.01, 0.99):
        rate.cost = edge * wobble
        seen.append(rate.look(10))
    assert len(set(seen)) == 1


def test_it_learns_what_a_look_costs():
    rate = Rate()
    for _ in range(200):
        rate.note(0.05)
    assert abs(rate.cost - 0.05) < 0.001
