"""The assignments of a simulated class, and the verdict on their results."""

import math
from argparse import Namespace
from urllib.parse import parse_qsl

from benchmarks.assignments import AGENTS, ENTRIES, Assignment, Outcome, apart, assignments, table
from core.runs.config import RunConfig
from ui.agents.link import from_params

CHOSEN = Namespace(networks=2, iris_epochs=3, digits_epochs=2, mnist_epochs=1, within=8.0)
MEMORY = {"before": 100.0, "there": 104.0, "after": 100.2}


def outcome(**changes: object) -> Outcome:
    values = {"first_point": 1.0, "seconds": 10.0, "bytes": 100_000, "updates": 20, "status": "finished",
              "done_of": "60 / 60", "gaps": [0.5] * 20, "pages": [0.2]}
    return Outcome(Assignment(RunConfig(), 0.0), **values | changes)  # type: ignore[arg-type]


def verdicts(*outcomes: Outcome, memory: dict[str, float] = MEMORY, errors: tuple[str, ...] = ()) -> dict:
    return {row[0]: row[3] for row in table(outcomes, memory, errors, 12.0, 0).rows}


def test_every_learner_has_a_seed_of_its_own_and_all_come_in_time():
    made = assignments(17, 8, 2, CHOSEN, 3)
    kinds = [assignment.kind for assignment in made]
    assert [kinds.count((name, RunConfig().target)) for name in ("iris", "digits", "mnist")] == [17, 8, 2]
    assert sum(kinds.count((entry.dataset, entry.target)) for entry in ENTRIES) == 3
    assert len({(kind, one.config.seed) for kind, one in zip(kinds, made, strict=True)}) == 30
    assert [min(one.arrives for one in made), max(one.arrives for one in made)] == [0.0, 8.0]
    structures = {str(one.config.architecture_parameters) for one in made
                  if isinstance(one.config, RunConfig) and one.config.dataset == "iris"}
    assert len(structures) == CHOSEN.networks


def test_some_of_them_train_agents_on_a_page_of_their_own():
    made = assignments(17, 8, 2, CHOSEN, 3, agents=3)
    own = [one for one in made if one.page]
    assert len(made) == 30 and {one.page for one in own} == {"agents"}
    assert {one.kind for one in own} == {(config.environment, config.method) for config in AGENTS}
    for one in own:
        opened = from_params(dict(parse_qsl(one.query)))
        assert opened.refused is None and opened.config == one.config
    late = Outcome(own[0], 12.0, 10.0, status="finished", done_of=own[0].whole)
    assert late.done and verdicts(outcome(), late)["longest wait for an agent's first episode (s)"] == "no"


def test_a_good_class_holds_everything():
    assert set(verdicts(outcome(), outcome()).values()) == {"yes", ""}


def test_each_wish_can_fail():
    for wish, failing in (
            ("runs with all their epochs or steps", outcome(done_of="59 / 60")),
            ("runs with all their epochs or steps", outcome(status="failed")),
            ("longest wait for the first point (s)", outcome(first_point=10.5)),
            ("longest wait for the first point (s)", outcome(first_point=math.nan)),
            ("round trip of the page, p95 (ms)", outcome(pages=[0.4])),
            ("a session, mean (KB/s)", outcome(bytes=700_000)),
            ("curves as in an undisturbed run", outcome(curves={"a": [1.0]}, expected={"a": [1.1]}))):
        assert verdicts(failing)[wish] == "no"
    assert verdicts(outcome(), outcome(first_point=math.nan))["longest wait for the first point (s)"] == "no"
    assert verdicts(outcome(), errors=("Traceback",))["errors in the logs and on the pages"] == "no"
    assert verdicts(outcome(), memory=MEMORY | {"there": 111.0})[
        "growth per session while they are there (MB)"] == "no"
    assert verdicts(outcome(), memory=MEMORY | {"after": 101.0})[
        "growth per session after they left (MB)"] == "no"


def test_curves_are_compared_point_by_point():
    assert apart({"a": [1.0, None]}, {"a": [1.0, None]}) == 0
    assert apart({"a": [1.0, 2.0]}, {"a": [1.0, 2.5]}) == 0.2
    assert apart({"a": [1.0]}, {"a": [1.0, 1.0]}) == math.inf
    assert apart({"a": [1.0]}, {"b": [1.0]}) == math.inf
    assert apart({"a": [None]}, {"a": [1.0]}) == math.inf
