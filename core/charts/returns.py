"""Agents: the return of each episode with its mean or, over several agents, a band; the loss and epsilon."""

import numpy as np

from core.agents.board import GOAL, SMALL
from core.agents.config import AgentConfig
from core.agents.events import RETURN, STEP
from core.agents.fields import PARAMETERS
from core.agents.returns import WINDOW, of_agent, recent, running_mean, spread
from core.agents.run import AgentRun
from core.charts.palette import RUN_COLORS
from core.charts.style import MUTED, TEXT, awaiting, axis, layout, mixed, numbers_axis, short
from core.formatting import Figure, number, rounded, typed

# Most points of the episodes, of a line and of a band, and most changes that are marked.
POINTS, LINE_POINTS, BAND_POINTS, MARKS = 300, 128, 64, 6
FIRST_STEPS = 1000  # on the axis at first
MOST_DECADES = 5.0  # of losses: what a table knows for certain has errors of 1e-15
QUANTILES = (0.0, 0.25, 0.5, 0.75, 1.0)
MARGIN = {"l": 46, "r": 12, "t": 8, "b": 42}
TITLE, LOSS_TITLE = "Return per episode", "Loss and epsilon"
LOSS_ALONE = "Loss of the baseline"


def returns(run: AgentRun | None, whole: AgentRun | None = None, behind: AgentRun | None = None) -> Figure:
    """The return of each episode over steps.

    Args:
        whole: the run as it is now, if `run` is an earlier moment of it: the axes are those of the whole run.
        behind: another run, whose mean is drawn faintly.
    """
    whole = whole or run
    if run is None or whole is None:
        return _empty("", 1.0, "Press Train: a point for each episode appears here")
    episodes, config, end = run.history.episodes, run.config, horizon(whole)
    if not len(episodes):
        text = "No episode has ended yet" if run.active else "No episode ended"
        return _empty(f"{run.id} returns", end, text)
    traces = ([] if behind is None else _behind(behind)) + (
        _points(run) if config.agents == 1 else _band(run))
    y = numbers_axis("", range=_ends(whole), nticks=6)
    figure = layout(f"{run.id}.{run.attempt} returns", axis("Step", range=[0, end], nticks=7), y,
                    hovermode="closest", margin=MARGIN)
    figure["shapes"], figure["annotations"] = _marks(run)
    figure["shapes"] += [_line_at(height, words) for height, words in goals(config)]
    mean = number(float(np.nanmedian(recent(episodes, config.agents))))
    whom = "" if config.agents == 1 else f", median of {config.agents} agents"
    return {"title": TITLE, "traces": traces, "layout": figure, "note": _note(config),
            "about": f"Return per episode over steps: mean of the last {WINDOW} episodes {mean}{whom}."}


def losses(run: AgentRun | None, whole: AgentRun | None = None) -> Figure:
    """The loss over steps and, on an axis of its own, epsilon, for a method that has one."""
    whole = whole or run
    if run is None or whole is None:
        return _empty("", 1.0, "Press Train: the loss appears here") | {"title": LOSS_TITLE}
    explores, end = "epsilon" in run.config.way.steered, horizon(whole)
    title = LOSS_TITLE if explores else LOSS_ALONE
    rows = calm(np.array(run.history.losses, float).reshape(-1, 3))
    if not np.isfinite(rows[:, 1:]).any():
        return _empty(f"{run.id} losses", end, "No update yet") | {"title": title}
    color = RUN_COLORS[run.slot % len(RUN_COLORS)]
    traces = [_line("loss", rows[:, 0], rows[:, 1], color) | {
        "hovertemplate": "loss %{y:.3~g} after step %{x:,}<extra></extra>"}]
    y = axis("", type="log", tickformat=".0e", **_decades(rows[rows[:, 1] > 0, 1]))
    figure = layout(f"{run.id}.{run.attempt} losses", axis("Step", range=[0, end], nticks=7), y,
                    hovermode="closest", margin=MARGIN)
    if explores:
        traces.append(_line("epsilon", rows[:, 0], rows[:, 2], MUTED, dash="dot") | {
            "yaxis": "y2", "hovertemplate": "epsilon %{y:.3~g} after step %{x:,}<extra></extra>"})
        figure["yaxis2"] = numbers_axis("", range=[0, 1.02], overlaying="y", side="right", showgrid=False,
                                        tickmode="array", tickvals=[0, 0.5, 1])
        figure["margin"] = MARGIN | {"r": 34}
    last = rows[np.isfinite(rows[:, 1])][-1:, 1]
    return {"title": title, "traces": traces, "layout": figure,
            "note": "Line: loss (left). Dotted: epsilon (right)" if explores else
                    "Squared error of the values it expects",
            "about": f"{title} over steps. " + (f"Loss {number(float(last[0]))}." if len(last) else "")}


def _decades(positive: np.ndarray) -> Figure:
    """The ends and the ticks of a logarithmic axis for these losses; it does not follow them far down."""
    if not len(positive):
        return {}
    high = float(np.log10(positive.max()))
    low = max(float(np.log10(positive.min())), high - MOST_DECADES)
    return {"range": rounded([low - 0.1, high + 0.1]), "dtick": 1 if high - low > 2 else "D2"}


def calm(rows: np.ndarray) -> np.ndarray:
    """Means of rows that belong together, at most `LINE_POINTS` of them: single losses jump about.

    rows: float (n, 3), step, loss and epsilon. So many rows make one that those before it stay as they are
    while more come, until twice as many do. The step and epsilon are those of the last one.
    """
    size = 1
    while len(rows) > size * LINE_POINTS:
        size *= 2
    starts = np.arange(0, len(rows), size)
    last = np.minimum(starts + size, len(rows)) - 1
    there = np.isfinite(rows[:, 1])
    counts = np.add.reduceat(there, starts) if len(rows) else np.zeros(0)
    sums = np.add.reduceat(np.where(there, rows[:, 1], 0.0), starts) if len(rows) else np.zeros(0)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    return np.stack([rows[last, 0], means, rows[last, 2]], axis=1)


def horizon(run: AgentRun) -> int:
    """The last step on the axis: doubled when the run reaches it, so that it rarely moves; at most all."""
    done, bound = (run.history.progress.step if run.history.progress else 0), FIRST_STEPS
    while bound < done:
        bound *= 2
    return min(bound, run.config.steps)


def goals(config: AgentConfig) -> list[tuple[float, str]]:
    """Returns to be reached, each with its name: where it counts as solved, or what the best way gives."""
    if config.world.solved is not None:
        return [(config.world.solved, f"solved: {config.world.solved:g}")]
    best = best_return(config)
    return [] if best is None else [(best, f"best way: {number(best)}")]


def best_return(config: AgentConfig) -> float | None:
    """The return of the best way to a goal in a grid world; None where chance or nothing leads there."""
    grid = config.grid
    if grid is None or grid.slip or grid.wind:
        return None
    ways = {letter: grid.shortest((letter,)) for letter in (GOAL, SMALL)}
    return max((moves * grid.step + grid.rewards[letter] for letter, moves in ways.items() if moves),
               default=None)


def _ends(run: AgentRun) -> list[float | None]:
    """The ends of the axis of returns: they only ever grow."""
    low, high = 0.0, float(run.config.world.most_steps)
    if run.config.grid is not None:
        found = np.append(run.history.episodes[:, RETURN], [height for height, _ in goals(run.config)])
        low, high = float(found.min()), float(found.max())
    room = 0.06 * max(high - low, 0.1)
    return rounded([low if low == 0 else low - room, high + room])


def _stride(count: int, most: int) -> np.ndarray:
    """Indices of at most about `most` of `count` points, the last among them; a power of two apart, so that
    what is drawn stays."""
    size = 1
    while count / size > most:
        size *= 2
    return np.unique(np.append(np.arange(0, count, size), count - 1))


def _points(run: AgentRun) -> list[Figure]:
    """The episodes as points, and their running mean."""
    steps, values = of_agent(run.history.episodes, 0)
    some, line = _stride(len(steps), POINTS), _stride(len(steps), LINE_POINTS)
    color = RUN_COLORS[run.slot % len(RUN_COLORS)]
    return [{"type": "scatter", "mode": "markers", "name": "episodes", **_typed(steps[some], values[some]),
             "marker": {"size": 4, "color": mixed(color, 0.38)},
             "hovertemplate": "return %{y:.3~g}, ended after step %{x:,}<extra></extra>"},
            {"type": "scatter", "mode": "lines", "name": "mean",
             **_typed(steps[line], running_mean(values)[line]), "line": {"color": color, "width": 2.25},
             "hovertemplate": f"mean of {WINDOW} episodes: %{{y:.3~g}}, step %{{x:,}}<extra></extra>"}]


def _means(run: AgentRun) -> tuple[np.ndarray, np.ndarray]:
    """Steps, and the quantiles of all agents' running means there, float (steps, 5)."""
    last = int(run.history.episodes[-1, STEP])
    at = _stride(last + 1, BAND_POINTS)
    found = spread(run.history.episodes, run.config.agents, at)
    there = np.isfinite(found).any(0)
    return at[there], np.nanquantile(found[:, there], QUANTILES, axis=0).T


def _band(run: AgentRun) -> list[Figure]:
    """Range and quartiles over all agents as areas, and the median as a line."""
    at, quantiles = _means(run)
    color = RUN_COLORS[run.slot % len(RUN_COLORS)]

    def area(low: int, high: int, share: float, name: str) -> Figure:
        around = np.concatenate([quantiles[:, high], quantiles[::-1, low]])
        return {"type": "scatter", "mode": "lines", "name": name, "fill": "toself",
                **_typed(np.concatenate([at, at[::-1]]), around), "fillcolor": mixed(color, share),
                "line": {"width": 0, "color": color}, "hoverinfo": "skip"}

    return [area(0, 4, 0.14, "all agents"), area(1, 3, 0.36, "the middle half"),
            {"type": "scatter", "mode": "lines", "name": "median", **_typed(at, quantiles[:, 2]),
             "line": {"color": color, "width": 2.5},
             "hovertemplate": "median %{y:.3~g}, step %{x:,}<extra></extra>"}]


def _behind(run: AgentRun) -> list[Figure]:
    if not len(run.history.episodes):
        return []
    at, quantiles = _means(run)
    return [{"type": "scatter", "mode": "lines", "name": short(run.name), **_typed(at, quantiles[:, 2]),
             "line": {"color": mixed(TEXT, 0.4), "width": 1.5}, "hoverinfo": "skip"}]


def _line(name: str, x: np.ndarray, y: np.ndarray, color: str, dash: str = "solid") -> Figure:
    return {"type": "scatter", "mode": "lines", "name": name, **_typed(x, y),
            "line": {"color": color, "width": 1.75, "dash": dash}}


def _typed(x: np.ndarray, y: np.ndarray) -> Figure:
    return {"x": typed(x.astype(np.float32)), "y": typed(y.astype(np.float32))}


def _marks(run: AgentRun) -> tuple[list[Figure], list[Figure]]:
    """A dotted line for each change of the numbers that act at once, with what changed."""
    found, before = [], run.config.numbers
    for step, numbers in run.history.changes:
        words = [f"{PARAMETERS[name].label.lower()} {value:g}" for name, value in numbers.items()
                 if name in run.config.way.steered and value != before.get(name)]
        before = before | dict(numbers)
        if words:
            # Of changes close together, only the last.
            if found and step - found[-1][0] < 0.04 * horizon(run):
                found.pop()
            found.append((step, ", ".join(words)))
    found = found[-MARKS:]
    shapes = [{"type": "line", "x0": step, "x1": step, "y0": 0, "y1": 1, "yref": "paper",
               "line": {"color": MUTED, "width": 1, "dash": "dot"}} for step, _ in found]
    labels = [{"x": step, "y": 0, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "xshift": 2,
               "yshift": 13 * (place % 3), "showarrow": False, "text": words,
               "font": {"size": 11, "color": MUTED}} for place, (step, words) in enumerate(found)]
    return shapes, labels


def _line_at(height: float, words: str) -> Figure:
    [y] = rounded([height])
    return {"type": "line", "xref": "paper", "x0": 0.01, "x1": 1, "yref": "y", "y0": y, "y1": y,
            "layer": "below", "line": {"color": MUTED, "width": 1.5, "dash": "dot"},
            "label": {"text": words, "textposition": "start", "yanchor": "top", "font": {"size": 11}}}


def _note(config: AgentConfig) -> str:
    if config.agents == 1:
        return f"Points: episodes. Line: mean of the last {WINDOW}"
    return f"Median of {config.agents} agents, the middle half, all"


def _empty(name: str, end: float, text: str) -> Figure:
    figure = layout(name, axis("Step", range=[0, max(end, FIRST_STEPS)], nticks=7),
                    numbers_axis("", range=[0, 1], nticks=6), hovermode="closest", margin=MARGIN)
    return {"title": TITLE, "traces": [], "layout": awaiting(figure, text), "note": "", "about": f"{text}."}
