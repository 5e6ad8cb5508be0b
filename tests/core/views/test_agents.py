"""The parts of the Agents page from runs made by hand."""

import json

import pytest

from core.agents.board import Rows
from core.agents.coach import advise
from core.coach.advice import Advice
from core.views.agents.bar import agent_bar, agent_rewind
from core.views.agents.chips import agent_chips
from core.views.agents.coach import agent_coach
from core.views.agents.panel import AgentPanel, parts
from core.views.agents.status import agent_status, sentence
from core.views.patches import diff
from tests.agents import BOARD, CARTPOLE, GRID, a_run, episodes, progress, way

MENUS = {"pace": ["Full speed"], "unit": ["step"]}
OTHER = GRID.replaced(seed=1)


def numbers(run) -> dict[str, str]:
    return {entry["name"]: entry["value"] for entry in agent_status(run)["numbers"]}


@pytest.mark.parametrize("cells, board, wanted", [
    ((0, 1, 2, 5, 8), BOARD, "Episode 2: the way to the goal takes 4 steps, the shortest possible."),
    ((0, 1, 0, 1, 2, 5, 8), BOARD, "Episode 2: the way to the goal takes 6 steps; 4 would do."),
    ((0, 1, 0, 1), BOARD, "Episode 2: the agent does not find the goal yet."),
    ((0, 3), ("S.", "PG"), "Episode 2: the way to the goal takes 1 step; 2 would do."),
    ((0, 2), ("S.", "PG"), "Episode 2: the agent walks into a pit after 1 step."),
    ((0, 1), ("Sg", ".G"), "Episode 2: the way to the small goal takes 1 step, the shortest possible.")])
def test_a_grid_world_says_where_the_way_leads(cells: tuple[int, ...], board: Rows, wanted: str):
    run = a_run(GRID.replaced(environment_parameters={"board": board}))
    progress(run, 40, episodes((0, 20, -1, 20), (0, 40, 0.5, 20)))
    way(run, 40, *cells)
    assert sentence(run) == wanted


def test_cartpole_says_how_far_it_is_and_when_it_is_solved():
    run = a_run(CARTPOLE)
    assert "no episode has ended" in sentence(run)
    progress(run, 187, episodes((0, 187, 187, 187)))
    assert sentence(run) == "Mean return of the last 100 episodes: 187; from 475 on, it is solved."
    progress(run, 1100, episodes(*[(0, 1000, 500, 500)] * 100))
    assert sentence(run) == "Mean return of the last 100 episodes: 500, solved."
    several = a_run(CARTPOLE.replaced(agents=3))
    progress(several, 90, episodes((0, 30, 30, 30), (1, 60, 60, 60), (2, 90, 90, 90)))
    assert sentence(several).startswith("Median of 3 agents: mean return 60.0;")


def test_the_status_has_a_number_for_everything_that_is_known():
    run = a_run()
    assert set(numbers(None).values()) == {"–"}
    progress(run, 40, episodes((0, 20, -1, 20), (0, 40, 0.5, 20)), float("nan"))
    assert numbers(run) == {"Step": "40 / 1,000", "Episode": "2", "Mean return": "-0.250",
                            "Best return": "0.500", "Epsilon": "0.1", "Loss": "–", "Time": "0.04 s"}
    run.status, run.message = "failed", "The worker was lost."
    assert agent_status(run)["sentence"] == "The worker was lost."


@pytest.mark.parametrize("status, paused, choices, shown, adopts", [
    (None, False, GRID, ["train"], False), (None, False, None, ["train"], False),
    ("training", False, GRID, ["pause"], False), ("training", False, OTHER, ["train", "pause"], True),
    ("paused", True, GRID, ["resume"], False), ("finished", False, GRID, ["train"], False)])
def test_the_buttons_of_each_state(status, paused, choices, shown, adopts):
    run = a_run(status=status, paused=paused) if status else None
    bar = agent_bar(run, choices, "Full speed", "step", None, MENUS).build()
    assert (bar["shown"], bar["adopts"]) == (shown, adopts) and ("Shown: Grid" in bar["note"]) is adopts
    assert ("train" in bar["enabled"]) is (choices is not None and shown[0] != "pause")


def test_a_number_that_was_steered_does_not_make_it_another_run():
    run = a_run(numbers={"epsilon": 0.5})
    steered = agent_bar(run, GRID.replaced(epsilon=0.5), "Full speed", "step", None, MENUS).build()
    assert steered["primary"] == "pause" and not steered["adopts"]
    assert agent_bar(run, GRID, "Full speed", "step", None, MENUS).build()["adopts"]


def test_an_earlier_moment_is_that_of_every_part():
    run = a_run()
    for step, end in ((10, 3), (20, 4), (30, 8)):
        progress(run, step, episodes((0, step, step / 10, 10)))
        way(run, step, 0, end)
    earlier = run.at(20)
    assert earlier is not None
    drawn = parts(AgentPanel(earlier, run, runs=(run,), believed=earlier.history.snapshot,
                             played=earlier.history.snapshot))
    status, world = drawn["status"].build(), drawn["world"].build()
    assert (status["status"], status["numbers"][0]["value"]) == ("rewound", "20 / 1,000")
    assert (world["step"], drawn["rollout"].build()["step"], world["live"]) == (20, 20, False)
    assert agent_rewind(run, 20).build() == {"steps": 1000, "each": 1, "epochs": 1000, "at": 20, "can": True}
    now = parts(AgentPanel(run, None, runs=(run,)))
    assert now["returns"].version != drawn["returns"].version
    assert now["returns"].build()["layout"]["yaxis"] == drawn["returns"].build()["layout"]["yaxis"]


@pytest.mark.parametrize("controls, status, live", [
    ({}, "training", False), ({"pace": 20.0}, "training", True), ({"pace": 100.0}, "training", False),
    ({"paused": True}, "paused", True), ({"pace": 5.0}, "finished", False)])
def test_the_agent_is_followed_where_an_eye_can_follow_it(controls, status, live):
    run = a_run(status=status, **controls)
    way(run, 14, 0, 1)  # at the start of an episode
    world = parts(AgentPanel(run))["world"].build()
    assert (world["live"], world["going"]) == (live, status == "training")
    # Its own copy comes first among those whose episodes end in a step, and its agent among all.
    progress(run, 14, episodes((1, 14, 5.0, 7), (0, 9, 6.0, 8), (0, 14, -1.25, 9), (0, 14, 3.0, 4)))
    last = parts(AgentPanel(run))["world"].build()["last"]
    assert last == ({"total": -1.25, "length": 9} if live else None)


def test_a_page_without_a_run_draws_the_board_of_the_choices():
    drawn = {name: part.build() for name, part in parts(AgentPanel(choices=GRID)).items()}
    assert drawn["world"]["grid"]["rows"] == list(BOARD) and drawn["world"]["now"] is None
    assert drawn["rollout"] == {"step": -1} and drawn["beliefs"]["values"] is None
    run = a_run()
    way(run, 5, 0, 1)
    both = parts(AgentPanel(run, believed=run.history.snapshot, played=run.history.snapshot))
    told, sent = diff(both, {})
    json.dumps(told, allow_nan=False)
    assert not any("content" in part for part in diff(both, sent)[0].values()), "nothing new, nothing sent"


def test_a_chip_names_what_differs_from_the_run_before():
    runs = [a_run(), a_run(GRID.replaced(epsilon=0.0), 2),
            a_run(GRID.replaced(environment_parameters={"board": ("S.G", "...")}), 3), a_run(CARTPOLE, 4)]
    chips = agent_chips(runs, runs[0], "2")
    assert [chip["differs"] for chip in chips] == [
        "Grid world, Q-learning (table)", "epsilon 0", "epsilon 0.1, another board",
        "CartPole, DQN (network)"]
    assert [chip["comparable"] for chip in chips] == [True, True, True, False]
    assert [chip["overlaid"] for chip in chips] == [False, True, False, False]


def test_the_coach_says_what_its_button_changes():
    advice = Advice("explore", "It never tries anything new", "Epsilon is 0.", "Raise it.", {"epsilon": 0.1},
                    "Set epsilon to 0.1")
    said = agent_coach(a_run(GRID.replaced(epsilon=0.0)), [advice])["advice"]
    assert [one["changes"] for one in said] == ["epsilon 0 → 0.1"]


def test_only_a_run_that_reaches_the_best_has_nothing_to_change():
    said = []
    for status, cell in (("stopped", 8), ("stopped", 1), ("training", 8)):
        run = a_run(status=status)
        progress(run, 500, episodes(*[(0, at, -2.0, 100) for at in range(5)]))
        way(run, 500, 0, cell)
        said.append(agent_coach(run, ())["line"])
    unclear = "Coach: it could do better, but there is no clear cause."
    assert said == ["Coach: nothing to change.", unclear, ""]
    # On a slippery floor, an episode that reached the goal may have been lucky: all of these arrows lead up.
    run = a_run(GRID.replaced(environment_parameters={"slip": 0.2}), status="stopped")
    progress(run, 500, episodes((0, 9, 1.0, 4)))
    way(run, 500, 0, 8)
    assert agent_coach(run, ())["line"] == unclear
    assert agent_coach(a_run(status="stopped"), ())["line"] == ""


def test_a_run_without_an_episode_is_drawn_and_coached():
    for config in (GRID, CARTPOLE):
        run = a_run(config)
        progress(run, 5, episodes())
        assert parts(AgentPanel(run, advice=advise(run)))["coach"].build()["advice"] == []
