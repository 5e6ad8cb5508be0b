"""The sidebar of the Agents page: every choice, from the environment to the seed."""

from collections.abc import Callable

import streamlit as st

from core.agents.board import BoardLayout
from core.agents.config import AgentConfig
from core.agents.fields import PARAMETERS, STEERED
from core.parameters import FieldError, Parameter
from ui.agents import board_editor, choices, presets
from ui.agents.stage import AgentStage
from ui.form import widgets
from ui.messages import plain, refuse


def draw(stage: AgentStage) -> AgentConfig | None:
    """Draw all choices. Returns None if they do not fit together, and the sidebar says why."""
    _field("environment", choices.follow_environment)
    _board()
    fitting = choices.fitting()
    if choices.value("method") not in fitting:
        choices.follow_environment()
    _field("method", choices.follow_method, fitting)
    _steered(stage)
    _row("steps", "agents", "seed")
    presets.draw()
    _group("About these choices", "about", _about)
    _group("Rewards, slip and wind", "world", lambda: _owns("environment"), "environment")
    _group(f"Settings of {choices.method().label}", "method", lambda: _owns("method"), "method")
    try:
        return choices.config()
    except FieldError as error:
        refuse(error.message)
        return None


def _field(name: str, on_change: Callable[[], None] | None = None,
           options: tuple[str, ...] | None = None) -> None:
    entries = choices.CHOICES.get(name, {})
    widgets.draw(PARAMETERS[name], choices.key(name), widgets.Drawn(
        on_change=on_change, options=options,
        names=lambda option: entries[option].label if option in entries else option))


def _row(*names: str, steers: Callable[[str], Callable[[], None]] | None = None) -> None:
    # A long name takes two lines; the choices still stand in one row.
    for column, name in zip(st.columns(len(names), vertical_alignment="bottom"), names, strict=True):
        with column:
            _field(name, steers and steers(name))


def _steered(stage: AgentStage) -> None:
    """What acts at once on the shown run, as far as the method uses it."""
    def steers(name: str) -> Callable[[], None]:
        return lambda: steer(stage, name)

    used = [name for name in STEERED if name in choices.method().steered]
    with st.container(key="agents_steered"):
        _field(used[0], steers(used[0]))
        _row(*used[1:], steers=steers)


def steer(stage: AgentStage, name: str) -> None:
    """Let the shown run go on with this number as it stands in the sidebar now."""
    run = stage.shown
    if run is not None and name in run.config.way.steered:
        stage.control(numbers={name: choices.value(name)})


def _board() -> None:
    """The board of a grid world. It is large, and the page shows it too, so it is drawn once it is opened."""
    board = next((own for own in choices.own_parameters("environment") if isinstance(own, BoardLayout)), None)
    if board is None:
        return
    key = choices.own_key("environment", board.name)
    box = st.expander("Draw the board", key="agents_group_board", on_change="rerun", icon=":material/draw:")
    if box.open:
        with box:
            board_editor.draw(board, key)


def _own(choice: str, own: Parameter) -> None:
    widgets.draw(own, choices.own_key(choice, own.name))


def _rest(choice: str) -> list[Parameter]:
    """The own parameters beside the board, which stands alone."""
    return [own for own in choices.own_parameters(choice) if not isinstance(own, BoardLayout)]


def _owns(choice: str) -> None:
    for own in _rest(choice):
        _own(choice, own)


def _group(label: str, name: str, draw: Callable[[], object], choice: str = "") -> None:
    """Choices under a heading, drawn only while it is open.

    A line below says which differ from the start that was filled in. choice: whose own parameters it holds;
    without any, it is left out.
    """
    owns = _rest(choice) if choice else []
    if choice and not owns:
        return
    box = st.expander(label, key=f"agents_group_{name}", on_change="rerun")
    if box.open:
        with box:
            draw()
    first = getattr(choices.start(), f"{choice}_parameters") if owns else {}
    changed = [own.label.lower() for own in owns
               if widgets.value(own, choices.own_key(choice, own.name)) != first[own.name]]
    if changed:
        st.caption(f":material/tune: Changed from default: {', '.join(changed)}")


def _about() -> None:
    for entry in (choices.CHOICES[choice][choices.value(choice)] for choice in choices.CHOICES):
        st.caption(f"**{plain(entry.label)}.** {plain(entry.help)}")
    copies = choices.method().parallel[choices.value("environment")]
    if copies > 1:
        st.caption(f"**Copies.** The agent acts in {copies} copies of the environment at the same time. One "
                   f"step is a move in each of them: after 1,000 steps it has made {1000 * copies:,} moves.")
