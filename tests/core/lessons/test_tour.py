"""The tour: its table, what counts as done, and where a learner stands in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.lessons.from_toml import TableError, entries
from core.lessons.tour import CARDS, Remembered, TourCard, remembered, to_progress
from core.lessons.tour_done import DONE, Scene
from core.lessons.touring import Tour
from core.runs.config import RunConfig

OWN = RunConfig(dataset="xor", epochs=7)
NOW = Scene(runs=("0", "1"), shown="1", choices=RunConfig(), steps=2, example=3)
# By name: what differs from `NOW` before, and now, so that it is done; and something beside it that is not.
CASES: dict[str, tuple[Scene, Scene, Scene]] = {
    "trained": (replace(NOW, runs=("0",)), NOW, replace(NOW, runs=("0",), steps=9)),
    "stepped": (NOW, replace(NOW, steps=3), replace(NOW, shown="0", steps=0)),
    "rewound": (NOW, replace(NOW, moment=0), replace(NOW, example=0)),
    "example": (NOW, replace(NOW, example=0), replace(NOW, moment=3)),
    "touched": (NOW, replace(NOW, touched=True), replace(NOW, example=1)),
    "other_run": (NOW, replace(NOW, shown="0"), replace(NOW, runs=("0", "1", "2"), shown="2")),
    "rate": (NOW, replace(NOW, choices=RunConfig(learning_rate=0.1)),
             replace(NOW, choices=RunConfig(epochs=3))),
    "lower_rate": (replace(NOW, choices=RunConfig(learning_rate=5.0)), NOW,
                   replace(NOW, choices=RunConfig(learning_rate=6.0))),
    "network": (NOW, replace(NOW, choices=RunConfig(architecture_parameters={"hidden_units": (16, 16, 16)})),
                replace(NOW, choices=RunConfig(epochs=3))),
    "data": (NOW, replace(NOW, choices=RunConfig(dataset="moons")), replace(NOW, choices=None)),
}


def test_the_table_has_short_cards_in_good_number_that_use_every_entry():
    assert 12 <= len(CARDS) <= 20 and all(len(card.text.split()) <= 50 for card in CARDS)
    assert {card.done for card in CARDS} - {""} == {*DONE}
    assert CARDS[0].prepares and not CARDS[-1].done, "it says what it prepares before, and ends by itself"


def test_what_is_done_is_told_from_what_is_not(subtests: pytest.Subtests):
    assert {*CASES} == {*DONE}
    for name, (before, now, other) in CASES.items():
        with subtests.test(name):
            assert DONE[name](now, before) and not DONE[name](before, before)
            assert not DONE[name](other, before)


def test_a_card_that_does_not_fit_is_named(tmp_path: Path, subtests: pytest.Subtests):
    for line, told in ((f'text = "{"word " * 51}"\nat = []', "text has 51 words; 50 at most"),
                       ('text = "x"\nat = ["body"]', "at names 'body'"),
                       ('text = "x"\nat = []\ndone = "eval"', "done must be one of trained"),
                       ('text = "x"\nat = []\nconfig = { epochs = 3 }', "config needs prepares"),
                       ('text = "x"\nat = []\nprepares = true\nconfig = { epochs = 0 }', "Epochs must be")):
        (tmp_path / "tour.toml").write_text(f'[a]\ntitle = "t"\n{line}', "utf-8")
        with subtests.test(told), pytest.raises(TableError) as error:
            entries(tmp_path / "tour.toml", TourCard)
        assert "tour.toml, a" in error.value.message and told.lower() in error.value.message.lower()


def the_card(name: str) -> int:
    return [card.name for card in CARDS].index(name)


def test_it_begins_with_its_own_settings_and_gives_the_learners_back():
    tour, noted = Tour(), []
    tour.note = noted.append
    tour.start(OWN)
    assert (tour.number, tour.wants) == (0, RunConfig())
    tour.wants = None
    tour.turn(0, 1)
    tour.turn(0, 1)
    assert tour.number == 1 and tour.wants is None, "a second press on the first card counts no more"
    tour.turn(1, -1)
    tour.turn(0, -1)
    tour.turn(7, 1)
    assert tour.number == 0
    tour.leave()
    assert tour.number is None and tour.wants == OWN and noted[-1].state == "left"


def test_taken_again_it_begins_again_and_still_knows_whose_settings_they_were():
    tour = Tour()
    tour.start(OWN)
    tour.leave()
    assert tour.wants == OWN, "not given back yet"
    tour.start(RunConfig())
    assert tour.own == OWN
    for number in range(len(CARDS) - 1):
        tour.turn(number, 1)
    tour.start(RunConfig())
    assert (tour.number, tour.own, tour.wants) == (0, OWN, RunConfig())


def test_who_comes_back_after_the_high_rate_goes_on_with_one_that_works():
    tour = Tour(known=Remembered("left", "bigger"))
    tour.start(OWN)
    assert (tour.number, tour.wants) == (the_card("bigger"), RunConfig())


def test_a_card_is_done_only_by_what_comes_after_what_it_prepares():
    tour = Tour()
    tour.start(OWN)
    tour.number, before = the_card("too_high") - 1, replace(NOW, choices=OWN)
    tour.turn(tour.number, 1)
    assert tour.wants is not None and tour.wants.learning_rate == 5.0
    tour.look(before)
    tour.look(replace(before, runs=("0", "1", "2")))
    assert not tour.done, "the sidebar still says something else"
    ready = replace(before, runs=("0", "1", "2"), choices=tour.wants)
    tour.look(ready)
    assert not tour.done
    tour.look(replace(ready, runs=("0", "1", "2", "3")))
    assert tour.done
    tour.look(ready)
    assert tour.done, "once done, it stays so"


def test_a_learner_may_be_quicker_than_the_look_at_what_a_card_prepares():
    tour = Tour()
    tour.start(OWN)
    tour.number = the_card("data") - 1
    tour.look(replace(NOW, choices=OWN))
    tour.turn(tour.number, 1)
    tour.look(replace(NOW, choices=OWN))
    assert not tour.done
    tour.look(replace(NOW, choices=RunConfig(dataset="moons")))
    assert tour.done, "nobody looked between the prepared settings and the choice"


def test_it_is_remembered_where_it_was_left_finished_or_refused():
    tour = Tour()
    tour.leave()
    assert tour.known is not None and (tour.known.state, tour.known.number) == ("declined", 0)
    tour.start(None)
    for number in range(len(CARDS) - 1):
        kept = to_progress(tour.known)
        assert remembered(kept) == tour.known
        again = Tour(known=remembered(kept))
        again.resume()
        assert again.number == number and again.wants is None, "a page that is opened anew goes on there"
        tour.turn(number, 1)
    assert tour.known.state == "finished" and tour.known.number == 0
    over = Tour(known=tour.known)
    over.resume()
    assert over.number is None
    assert remembered(None) is None and remembered(replace(to_progress(tour.known), sentence="x y")) is None
