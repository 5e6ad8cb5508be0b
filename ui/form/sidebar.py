"""The sidebar: every choice of the Playground, from dataset to early stopping."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.help import HELP
from core.catalog.layers import LayerList
from core.catalog.losses import LOSSES, losses_for
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.charts.pictures import activation_plot
from core.datasets import Dataset
from core.datasets.custom_points import PointList
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies, option_label
from ui.about import dataset_picture
from ui.form import (
    augmentation,
    form_state,
    layer_editor,
    lr_finder,
    points_editor,
    presets,
    schedule,
    starts,
    table_upload,
    widgets,
)
from ui.form.form_state import hidden, locked
from ui.messages import plain, refuse
from ui.session import runs


def draw() -> RunConfig | None:
    """Draw all choices. Returns None if they do not fit together, and the sidebar says why."""
    presets.draw()
    data = _data()
    _network(data)
    _training(data)
    try:
        return form_state.config()
    except FieldError as error:
        if not _shown_by_widget(error.field):
            refuse(error.message)
        return None


def _shown_by_widget(field: str) -> bool:
    """Whether the error is shown at the field's own widget."""
    there = field == layer_editor.FIELD or (
        field.startswith("dataset_parameters.") and form_state.value("dataset") == "table")
    return there and field.split(".")[0] not in hidden()


def _data() -> Dataset:
    _field("dataset", starts.follow)
    data = form_state.dataset()
    if "dataset" not in hidden():
        starts.tell()
    _own("dataset_parameters", data)
    if "dataset" not in hidden():
        # The board of placed points is a picture of them; before it is uploaded, a table has none.
        if data.name != "placed" and data.examples:
            dataset_picture(data)
        st.caption(plain(data.help))
    _group("Make the data harder", ("training_size", "label_noise", "imbalance", "scaling"), data, lambda: (
        _row("training_size", "label_noise", data=data), _row("imbalance", data=data), _field("scaling")))
    _group("Augmentation", ("augmentation_parameters",), data, lambda: (
        st.caption(HELP["augmentation"]), _own("augmentation_parameters", data), augmentation.draw(data)))
    return data


def _network(data: Dataset) -> None:
    refusals = {name: entry.refusal(data.shape) for name, entry in ARCHITECTURES.items()}
    fitting = tuple(name for name, refusal in refusals.items() if refusal is None)
    chosen = form_state.value("architecture")
    if chosen not in fitting and "architecture" in hidden() | locked():
        fitting = (chosen,)  # it is not the learner's to change: `config` refuses it, and says why
    elif chosen not in fitting:
        st.session_state["architecture"] = PARAMETERS["architecture"].default
    _field("architecture", options=fitting)
    if "architecture" not in hidden():
        st.caption(ARCHITECTURES[form_state.value("architecture")].help)
        _not_offered(refusals)
    _own("architecture_parameters", data)
    if form_state.value("architecture") == "custom":
        return
    _layers_offer()
    if form_state.value("architecture") == "softmax":
        return  # what follows is said of hidden layers
    has_its_own = ARCHITECTURES[form_state.value("architecture")].activation is not None
    if not has_its_own:
        _field("activation")
    if not has_its_own and "activation" not in hidden():
        activation = ACTIVATIONS[form_state.value("activation")]
        st.markdown(activation_plot(activation), unsafe_allow_html=True)
        st.caption(activation.help)
    _field("dropout_rate")
    _group("Weights and regularization", ("initializer", "l1", "l2", "batch_normalization"), data, lambda: (
        _field("initializer"), _row("l1", "l2"), _field("batch_normalization")))


def _not_offered(refusals: Mapping[str, str | None]) -> None:
    """On request, lists the architectures that do not suit this dataset, and why."""
    reasons: dict[str, list[str]] = {}
    for name, refusal in refusals.items():
        if refusal:
            reasons.setdefault(refusal, []).append(ARCHITECTURES[name].label)
    if not reasons:
        return
    box = st.expander("Why not another architecture?", key="group_not_offered", on_change="rerun",
                      type="compact")
    if box.open:
        for refusal, labels in reasons.items():
            box.caption(f"**{', '.join(labels)}:** {refusal}")


def _training(data: Dataset) -> None:
    _field("optimizer")
    optimizer = OPTIMIZERS[form_state.value("optimizer")]
    if "optimizer" not in hidden():
        st.caption(f"{optimizer.help} A learning rate near {optimizer.learning_rate:g} is a good start.")
    if optimizer.parameters:
        _group(f"More of {optimizer.label}", ("optimizer_parameters",), data,
               lambda: _own("optimizer_parameters", data))
    _field("learning_rate", lambda: runs.sight().control(learning_rate=form_state.value("learning_rate")))
    if "learning_rate" not in hidden():
        lr_finder.draw("learning_rate" in locked())
    _row("batch_size", "epochs")
    _row("seed", "validation_share")
    _group("Schedule and clipping", ("schedule", "schedule_parameters", "clip_norm"), data,
           lambda: _schedule(data))
    _group("Loss", ("loss", "loss_parameters", "class_weights"), data, lambda: _loss(data))
    _group("Early stopping", ("patience",), data, lambda: _field("patience"))


def _schedule(data: Dataset) -> None:
    _field("schedule")
    if "schedule" not in hidden():
        st.caption(SCHEDULES[form_state.value("schedule")].help)
    _own("schedule_parameters", data)
    schedule.draw()
    _field("clip_norm")


def _loss(data: Dataset) -> None:
    fitting = losses_for(data.task, len(data.classes))
    if form_state.value("loss") not in fitting:
        st.session_state["loss"] = fitting[0]
    _field("loss", options=fitting)
    if "loss" not in hidden():
        st.caption(LOSSES[form_state.value("loss")].help)
    _own("loss_parameters", data)
    if applies("class_weights", data):
        _field("class_weights")


def _group(label: str, fields: tuple[str, ...], data: Dataset, draw: Callable[[], object]) -> None:
    """Choices under a heading, drawn only while it is open: closed ones cost nothing.

    A line below says which are not at their defaults. The group is left out if none of its choices applies or
    is visible.
    """
    seen = [field for field in fields if field not in hidden() and applies(field, data)]
    if not seen:
        return
    box = st.expander(label, key=f"group_{fields[0]}", on_change="rerun")
    if box.open:
        with box:
            draw()
    changed = [word for field in seen for word in _changed(field, data)]
    if changed:
        st.caption(f":material/tune: Changed from default: {', '.join(changed)}")


def _changed(field: str, data: Dataset) -> list[str]:
    """The labels of a field's widgets that are not at their defaults."""
    if field in NESTED:
        return [own.label.lower() for own, key in form_state.own_parameters(field)
                if widgets.value(own, key) != own.default]
    usual = losses_for(data.task, len(data.classes))[0] if field == "loss" else PARAMETERS[field].default
    fits = field != "loss" or form_state.value(field) in losses_for(data.task, len(data.classes))
    return [PARAMETERS[field].label.lower()] if fits and form_state.value(field) != usual else []


def _field(name: str, on_change: Callable[[], None] | None = None,
           options: tuple[str, ...] | None = None) -> None:
    """Draw one choice, unless the link hides it."""
    if name in hidden():
        return
    widgets.draw(PARAMETERS[name], name, widgets.Drawn(
        disabled=name in locked(), on_change=on_change, options=options,
        names=partial(option_label, name)))


def _row(*names: str, data: Dataset | None = None) -> None:
    """Choices side by side: those that make sense for `data`, and that the link does not hide."""
    seen = [name for name in names if name not in hidden() and (data is None or applies(name, data))]
    if not seen:
        return
    # A long name takes two lines; the choices still stand in one row.
    for column, name in zip(st.columns(len(seen), vertical_alignment="bottom"), seen, strict=True):
        with column:
            _field(name)


def _layers_offer() -> None:
    """A button that turns the architecture into a list of layers, unless the link hides or locks it."""
    fields = {"architecture", "architecture_parameters"}
    if not fields & hidden():
        layer_editor.offer(disabled=bool(fields & locked()))


def _own(field: str, data: Dataset) -> None:
    """The chosen entry's own parameters, unless the link hides them."""
    if field in hidden():
        return
    disabled = field in locked()
    if field == "dataset_parameters" and data.name == "table":
        table_upload.draw(disabled)
        return
    for own, key in form_state.own_parameters(field):
        if isinstance(own, LayerList):
            layer_editor.draw(own, key, data.shape, disabled)
        elif isinstance(own, PointList):
            points_editor.draw(own, key, disabled)
        else:
            widgets.draw(own, key, widgets.Drawn(disabled=disabled))
