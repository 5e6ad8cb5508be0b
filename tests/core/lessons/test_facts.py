"""Facts are numbers of a run as texts show them; what the run does not have is an ellipsis."""

import pytest

from core.lessons import facts
from core.runs.config import RunConfig
from tests.core.store import made

RUN = made.run(epochs=3)


@pytest.mark.parametrize("name, written", [
    ("epochs", "3"), ("steps", "12"), ("parameters", "379"), ("learning_rate", "0.01"),
    ("first_loss", "0.250"), ("loss", "0.0833"), ("loss_ratio", "0.333"), ("val_loss", "0.125"),
    ("lowest_loss", "0.125"), ("lowest_epoch", "3"), ("times_lowest", "1.00"), ("accuracy", "91.7 %"),
    ("val_accuracy", "92.5 %"), ("gap", "-0.8 %"), ("test_accuracy", "93.3 %"), ("always_no", "33.3 %"),
    ("recall", "80.0 %"), ("precision", "100.0 %"), ("answer", "…"), ("status", "finished"), ("layers", "2"),
    ("neurons", "32")])
def test_facts_of_a_run(name, written):
    assert facts.fill(f"It is {{{name}}}.", RUN) == f"It is {written}."


def test_a_number_is_compared_in_percent_where_it_is_a_share():
    assert facts.number("test_accuracy", RUN) == pytest.approx(93.333, abs=0.01)
    assert facts.number("loss", RUN) == pytest.approx(1 / 12)
    assert facts.number("answer", RUN) is None and facts.number("loss", None) is None


def test_every_fact_bears_a_run_that_has_nothing_yet():
    new = made.Run("s", "ann", RunConfig(), 0, made.Controls())
    for name, fact in facts.FACTS.items():
        assert isinstance(fact(new), str) and fact(None) == facts.NOTHING, name
