"""What the coach's button says that it changes, and why it cannot."""

from core.runs.config import RunConfig
from core.views.coach_card import changed, coach_card, refused
from tests.core.known_runs import a_run


def test_a_change_is_said_with_what_was_before():
    config = RunConfig()
    assert changed(config, {"epochs": 200}) == "epochs 60 → 200"
    assert changed(config, {"learning_rate": 0.001, "activation": "tanh"}) == \
        "activation relu → tanh, learning rate 0.01 → 0.001"
    assert changed(config, {"architecture_parameters": {"hidden_units": (32, 32)}}) == \
        "hidden units 16-16 → 32-32"
    assert changed(config, {}) == ""


def test_a_link_that_keeps_a_field_is_the_reason_why_it_is_not_changed():
    assert refused({"epochs": 200}, {"epochs", "seed"}).endswith("keeps this as it is: epochs.")
    assert refused({"epochs": 200}, {"seed"}) == ""
    run = a_run(5, state="diverged")
    for kept, reason in (({"epochs"}, ""), ({"learning_rate"}, "keeps this as it is: learning rate.")):
        (advice,) = coach_card(run, (), kept)["advice"]
        assert advice["changes"] == "learning rate 0.01 → 0.001"
        assert advice["refused"].endswith(reason) and bool(advice["refused"]) == bool(reason)
