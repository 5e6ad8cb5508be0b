"""The tour's commands: a forged one moves nothing, and no lesson or class link is filled over."""

from core.lessons.attempt import Attempt
from core.lessons.reading import lessons
from core.lessons.tour import CARDS
from core.views.tour_card import tour_card
from tests.ui.live.conftest import IRIS
from ui.live.commands import obey
from ui.live.touring import offered, scene


def told(stage) -> dict:
    return tour_card(stage.tour, offered(stage)).build()


def fill(stage) -> None:
    """The page's script fills the sidebar, as `touring.prepare` does."""
    wanted, stage.tour.wants = stage.tour.wants, None
    stage.choose(wanted)


def test_a_first_visit_is_offered_the_tour_until_it_is_declined_or_begun(stage):
    assert told(stage)["number"] is None and str(len(CARDS)) in told(stage)["offer"]
    obey(stage, "tour_leave")
    assert not told(stage)["offer"]
    stage.tour.known = None
    obey(stage, "tour_start")
    assert told(stage) == {"number": None, "offer": ""}, "what was chosen before it is filled would be lost"
    wanted = stage.tour.wants
    fill(stage)
    assert told(stage)["number"] == 0 and stage.tour.own == IRIS and not told(stage)["offer"]
    obey(stage, "tour_next", 0)
    obey(stage, "tour_next", 0)
    assert told(stage)["number"] == 1 and told(stage)["done"] is False
    for _ in range(2):  # what the sidebar says has arrived, then a look at what has happened since
        stage.choose(wanted)
        stage.tour.look(scene(stage))
        obey(stage, "train")
    assert told(stage)["done"] is True
    obey(stage, "tour_back", 1)
    assert told(stage)["number"] == 1 and told(stage)["done"] is True
    fill(stage)
    assert told(stage)["number"] == 0


def test_it_promises_to_give_settings_back_only_where_it_knows_them(stage):
    obey(stage, "tour_start")
    fill(stage)
    assert "Your own settings come back" in told(stage)["text"]
    stage.tour.drop()
    assert "Your own settings come back" not in told(stage)["text"]


def test_no_offer_where_something_else_was_opened(stage):
    for looked in ({"card": "network"}, {"projector": True}):
        before, stage.view = stage.view, stage.view | looked
        assert not told(stage)["offer"]
        stage.view = before


def test_a_lesson_and_a_class_link_have_no_tour(stage):
    for lesson, kept in ((Attempt(lessons()["learning_rate"]), ()), (None, ("dataset",))):
        stage.lesson, stage.kept = lesson, frozenset(kept)
        obey(stage, "tour_start")
        assert told(stage) == {"number": None, "offer": ""} and stage.tour.wants is None


def test_nonsense_turns_no_card(stage):
    obey(stage, "tour_start")
    for name in ("tour_next", "tour_back", "tour_start", "tour_touched"):
        for value in (None, "0", True, False, [0], {}, -1, 1, 10**400, 0.0):
            if (name, value) != ("tour_back", 0):
                obey(stage, name, value)
    fill(stage)
    assert told(stage)["number"] == 0
