"""Charts of agents from runs made by hand: what is drawn, and that empty ones say why."""

import base64

import numpy as np

from core.agents.events import NumbersChanged
from core.charts.returns import best_return, horizon, losses, returns
from tests.agents import CARTPOLE, GRID, a_run, episodes, progress


def numbers(spec: dict) -> list[float]:
    assert spec["dtype"] == "f4"
    return np.frombuffer(base64.b64decode(spec["bdata"]), "<f4").astype(float).round(4).tolist()


def lines(figure: dict) -> dict[str, tuple[list[float], list[float]]]:
    return {trace["name"]: (numbers(trace["x"]), numbers(trace["y"])) for trace in figure["traces"]}


def words(figure: dict) -> str:
    return " ".join(one["text"] for one in figure["layout"].get("annotations", ()))


def test_each_episode_is_a_point_and_the_line_their_mean():
    run = a_run(CARTPOLE)
    progress(run, 90, episodes((0, 30, 10, 10), (0, 60, 20, 20), (0, 90, 60, 60)))
    drawn = lines(returns(run))
    assert drawn == {"episodes": ([30, 60, 90], [10, 20, 60]), "mean": ([30, 60, 90], [10, 15, 30])}
    shapes = returns(run)["layout"]["shapes"]
    assert [(shape["y0"], shape["label"]["text"]) for shape in shapes] == [(475, "solved: 475")]


def test_the_mean_is_over_a_hundred_episodes_and_many_points_are_thinned():
    run = a_run(CARTPOLE)
    values = np.arange(1000.0)
    progress(run, 1000, episodes(*((0, index + 1, value, 1) for index, value in enumerate(values))))
    points, mean = lines(returns(run))["episodes"], lines(returns(run))["mean"]
    assert len(points[0]) <= 302 and points[0][-1] == 1000 == mean[0][-1]
    assert mean[1][-1] == values[-100:].mean()


def test_several_agents_are_a_band_around_their_median():
    run = a_run(CARTPOLE.replaced(agents=3))
    progress(run, 10, episodes(*((agent, 10, value, 10) for agent, value in enumerate((10, 20, 60)))))
    drawn = lines(returns(run))
    assert set(drawn) == {"all agents", "the middle half", "median"}
    assert drawn["median"] == ([10], [20]) and drawn["all agents"][1] == [60, 10]
    assert "Median of 3 agents" in returns(run)["note"]


def test_another_run_lies_behind_and_empty_charts_say_why(subtests):
    run, other = a_run(), a_run(number=2)
    progress(other, 40, episodes((0, 40, -1, 40)))
    for chart, wanted in ((returns(None), "Press Train"), (returns(run), "No episode has ended yet"),
                          (losses(None), "Press Train"), (losses(run), "No update yet")):
        with subtests.test(wanted):
            assert not chart["traces"] and wanted in words(chart)
    progress(run, 20, episodes((0, 20, 0.5, 20)))
    assert next(iter(lines(returns(run, behind=other)).values())) == ([40], [-1])


def test_a_change_is_marked_where_it_acted():
    run = a_run()
    progress(run, 900, episodes((0, 20, 0.5, 20)))
    run.history.append(NumbersChanged(400, GRID.numbers | {"epsilon": 0.5}))
    figure = returns(run)["layout"]
    assert [(one["x"], one["text"]) for one in figure["annotations"]] == [(400, "epsilon 0.5")]


def test_the_best_way_is_known_where_nothing_is_left_to_chance():
    # Four moves of -0.02 and the goal.
    assert best_return(GRID) is not None and round(best_return(GRID) or 0, 4) == 0.92
    assert best_return(GRID.replaced(environment_parameters={"slip": 0.1})) is None
    assert best_return(CARTPOLE) is None


def test_the_loss_and_epsilon_have_an_axis_each():
    run = a_run()
    for step in range(10, 510):
        progress(run, step, episodes(), 0.5 if step % 2 else float("nan"), 0.2)
    figure = losses(run)
    drawn = lines(figure)
    assert set(drawn["loss"][1]) == {0.5} and len(drawn["loss"][0]) <= 128, "means over those that have one"
    assert drawn["epsilon"][1][-1] == 0.2 and drawn["epsilon"][0][-1] == 509 and "yaxis2" in figure["layout"]
    policy = a_run(GRID.replaced(method="policy_gradient"))
    progress(policy, 10, episodes(), 0.5, float("nan"))
    assert set(lines(losses(policy))) == {"loss"} and "yaxis2" not in losses(policy)["layout"]


def test_the_axis_of_losses_ends_where_they_are_too_small_to_matter():
    run = a_run()
    for step, loss in ((10, 0.1), (20, 1e-15)):
        progress(run, step, episodes(), loss)
    low, high = losses(run)["layout"]["yaxis"]["range"]
    assert (low, high) == (-6.1, -0.9)


def test_the_axis_of_steps_grows_by_doubling_to_the_end_of_the_run():
    run = a_run(CARTPOLE)
    assert horizon(run) == 1000
    progress(run, 1001, episodes())
    assert horizon(run) == 2000
    progress(run, 49_000, episodes())
    assert horizon(run) == 50_000
