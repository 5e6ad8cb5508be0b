"""The layer editor: a list of layers to add to, remove from, reorder and set one by one.

Only the parameters of the selected layer are drawn, so forty layers need as few widgets as two.
"""

from collections.abc import Callable

import streamlit as st

from core.catalog.layers import LAYER_KINDS, MOST_LAYERS, Entry, LayerList, Shape, entry, shapes, stack
from core.catalog.layers.stack import FIELD
from core.parameters import Choice, FieldError, FloatRange, IntRange, Parameter
from ui.form import form_state, layer_list, widgets
from ui.form.layer_list import CHOSEN, Held
from ui.messages import plain, refuse
from ui.session.presses import ignore_echo

__all__ = ["FIELD", "draw", "gives", "offer"]

# The parameters that the list shows, to tell layers of one kind apart.
TOLD = ("cell", "units", "filters", "num_heads", "pool_size", "rate", "stddev", "activation")


def draw(parameter: LayerList, key: str, shape: Shape, disabled: bool = False) -> None:
    """The list, and the chosen layer's own parameters. shape: one example's shape."""
    held = Held(parameter, key)
    entries, chosen = held.entries(), held.chosen()
    given, refusal = gives(entries, shape)
    if entries:
        st.session_state[CHOSEN] = chosen
        st.radio(f"Layers, from the input of {size(shape)}", range(len(entries)), key=CHOSEN,
                 help=parameter.help, format_func=lambda place: _title(entries, place),
                 captions=[_caption(place, given, refusal) for place in range(len(entries))])
    else:
        st.caption("No hidden layer: the output layer reads the input directly.")
    if refusal and len(given) == len(entries):
        refuse(refusal)
    _buttons(held, _fitting(given, shape, chosen + 1), disabled)
    if entries:
        _own(held, entries[chosen], chosen, disabled)


def size(shape: Shape) -> str:
    """A shape in words: `28 x 28 x 1`."""
    return " x ".join(map(str, shape))


def gives(entries: list[Entry], shape: Shape) -> tuple[list[Shape], str]:
    """The output shape of each layer up to the first that does not fit, and why it does not fit."""
    given: list[Shape] = []
    try:
        for count in range(1, len(entries) + 1):
            given = shapes(entries[:count], shape)
        stack(entries, shape)
    except FieldError as error:
        return given, error.message
    return given, ""


def offer(disabled: bool) -> None:
    """A button that turns the chosen architecture into a list of its layers."""
    st.button("Edit these layers", key="edit_layers", icon=":material/edit:", width="stretch",
              on_click=ignore_echo("edit_layers", _take_over), disabled=disabled,
              help="Turns this network into a list of layers that you can change one by one.")


def _take_over() -> None:
    try:
        config = form_state.config()
        own = config.replaced(architecture="custom", architecture_parameters={"layers": config.entries()})
    except FieldError:
        return  # the sidebar says what does not fit
    form_state.load(own)
    layer_list.begin()


def _title(entries: list[Entry], place: int) -> str:
    """One line of the list. A browser may ask for a line that no longer exists."""
    if place >= len(entries):
        return ""
    layer = entries[place]
    told = " ".join(f"{layer[name]}" for name in TOLD if layer.get(name, "linear") != "linear")
    return f"{place + 1}\\. **{LAYER_KINDS[layer['kind']].label}** {told}".rstrip()


def _caption(place: int, given: list[Shape], refusal: str) -> str:
    if place < len(given):
        return f"gives {size(given[place])}"
    return f":red[{plain(refusal)}]" if place == len(given) else "not reached"


def _fitting(given: list[Shape], shape: Shape, place: int) -> list[str]:
    """The kinds that can read the input at a position; all kinds if that is unknown."""
    before = [shape, *given]
    return [kind for kind in LAYER_KINDS if place >= len(before) or _fits(kind, before[place])]


def _fits(kind: str, shape: Shape) -> bool:
    try:
        shapes([entry(kind)], shape)
    except FieldError:
        return False
    return True


def _buttons(held: Held, fitting: list[str], disabled: bool) -> None:
    """The buttons to add a layer, and to copy, move or remove the chosen one."""
    count, place = len(held.entries()), held.chosen()

    def add() -> None:
        kind = st.session_state.get("layer_add")
        if isinstance(kind, str) and kind in LAYER_KINDS:
            held.insert(kind)

    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="layer_buttons"):
        st.menu_button("Add", fitting, key="layer_add", icon=":material/add:",
                       on_click=ignore_echo("layer_add", add),
                       format_func=lambda kind: LAYER_KINDS[kind].label,
                       disabled=disabled or count >= MOST_LAYERS)
        _button("up", "arrow_upward", "Move up", lambda: held.move(-1), not disabled and place > 0)
        _button("down", "arrow_downward", "Move down", lambda: held.move(1),
                not disabled and place < count - 1)
        _button("copy", "content_copy", "Duplicate", held.copy,
                not disabled and 0 < count < MOST_LAYERS)
        _button("remove", "delete", "Remove", held.remove, not disabled and count > 0)
        _button("undo", "undo", "Undo the last change", held.undo, not disabled and layer_list.can_undo())


def _button(name: str, icon: str, text: str, press: Callable[[], None], possible: bool) -> None:
    st.button("", key=f"layer_{name}", icon=f":material/{icon}:", help=text, type="tertiary",
              on_click=ignore_echo(f"layer_{name}", press), disabled=not possible)


def _own(held: Held, layer: Entry, place: int, disabled: bool) -> None:
    """The parameters of the selected layer, two in a row if they are short."""
    kind = LAYER_KINDS[layer["kind"]]
    st.caption(f"**Layer {place + 1}, {kind.name}.** {kind.help}")
    rows: list[list[Parameter]] = []
    for own in kind.parameters:
        if rows and len(rows[-1]) == 1 and _short(own) and _short(rows[-1][0]):
            rows[-1].append(own)
        else:
            rows.append([own])
    for row in rows:
        for own, column in zip(row, st.columns(len(row)), strict=True):
            with column:
                _field(held, own, layer, place, disabled)


def _short(own: Parameter) -> bool:
    """Whether a parameter's widget fits into half of the width."""
    if isinstance(own, Choice):
        return max(map(len, own.options)) < 8
    return isinstance(own, IntRange) or (isinstance(own, FloatRange) and own.high > 0.9)


def _field(held: Held, own: Parameter, layer: Entry, place: int, disabled: bool) -> None:
    # The position is part of the key, so that a late report from a browser cannot change another layer.
    kind, key = layer["kind"], f"layer_{place}_{layer['kind']}_{own.name}"
    widgets.fill(own, key, layer[own.name])
    widgets.draw(own, key, widgets.Drawn(disabled=disabled, on_change=lambda: held.set(
        place, kind, own.name, st.session_state[key])))
