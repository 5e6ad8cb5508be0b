"""The sidebar: every choice of the Playground, from dataset to early stopping."""

from collections.abc import Mapping

import streamlit as st

from core.catalog.activations import ACTIVATIONS
from core.catalog.architectures import ARCHITECTURES
from core.catalog.help import HELP
from core.catalog.losses import LOSSES, losses_of
from core.catalog.optimizers import OPTIMIZERS
from core.catalog.schedules import SCHEDULES
from core.catalog.targets import LABEL, TARGETS, targets_of
from core.charts.pictures import activation_plot
from core.datasets import Dataset
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.fields import NESTED, PARAMETERS, applies
from ui.about import dataset_picture
from ui.form import (
    augmentation,
    choice,
    form_state,
    layer_editor,
    lr_finder,
    presets,
    schedule,
    start_section,
    starts,
    widgets,
)
from ui.form.form_state import hidden, locked
from ui.form.permalink import FIELDS
from ui.messages import plain, refuse
from ui.session import lessons, runs

# A link that leaves so few fields free says which; else it says which it keeps.
MOST_FREE = 6


def draw() -> RunConfig | None:
    """Draw all choices. Returns None if they do not fit together, and the sidebar says why.

    What is changed most comes first, and fits on a screen of 720 pixels; the rest stands in groups below.
    """
    if locked():
        with st.container(key="task"):
            st.markdown(f":material/edit: {plain(_task(form_state.dataset()))}")
    start_section.draw()
    data = _data()
    _network(data)
    _training()
    presets.draw()
    _groups(data)
    _kept(data)
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


def _task(data: Dataset) -> str:
    """What a link that locks something leaves to the learner."""
    free = [_called(field) for field in FIELDS if field not in choice.unseen() and applies(field, data)]
    if len(free) <= MOST_FREE:
        return f"You may change: {', '.join(free) or 'nothing'}."
    kept = [_called(field) for field in FIELDS if field in locked() and applies(field, data)]
    return f"You may change everything but: {', '.join(kept)}."


def _called(field: str) -> str:
    if field in PARAMETERS:
        return PARAMETERS[field].label.lower()
    return "layers" if field == "architecture_parameters" else field.replace("_parameters", "'s own settings")


def _kept(data: Dataset) -> None:
    """What the link locks, folded away."""
    fields = [field for field in FIELDS if field in locked() - hidden() and applies(field, data)]
    if not fields:
        return
    box = st.expander("Kept by the link", key="group_locked", on_change="rerun", icon=":material/lock:")
    if box.open:
        with box:
            for field in fields:
                (choice.draw_own(field, data) if field in NESTED else choice.draw_field(field))


def _data() -> Dataset:
    choice.field("dataset", starts.follow)
    data = form_state.dataset()
    # A table has to be uploaded, and points to be placed, before there is anything to learn.
    if data.name in ("table", "placed"):
        choice.own("dataset_parameters", data)
        starts.follow_table()
    if "dataset" not in hidden():
        starts.tell()
    # The board of placed points is a picture of them; before it is uploaded, a table has none.
    if "dataset" not in hidden() and data.name != "placed" and data.examples:
        with st.container(key="dataset_picture"):
            dataset_picture(data)
    return data


def _network(data: Dataset) -> None:
    refusals = _refusals(data)
    fitting = tuple(name for name, refusal in refusals.items() if refusal is None)
    chosen = form_state.value("architecture")
    if chosen not in fitting and "architecture" in hidden() | locked():
        fitting = (chosen,)  # it is not the learner's to change: `config` refuses it, and says why
    elif chosen not in fitting:
        st.session_state["architecture"] = PARAMETERS["architecture"].default
    choice.field("architecture", options=fitting)
    choice.own("architecture_parameters", data)
    if _asks_activation():
        choice.field("activation")


def _refusals(data: Dataset) -> dict[str, str | None]:
    """Why each architecture does not suit this dataset; None if it does."""
    return {name: entry.unsuitable(data) for name, entry in ARCHITECTURES.items()}


def _asks_activation() -> bool:
    """Whether the activation is a choice of its own: of hidden layers, unless they bring theirs."""
    chosen = form_state.value("architecture")
    return chosen not in ("custom", "softmax") and ARCHITECTURES[chosen].activation is None


def _training() -> None:
    choice.field("learning_rate",
                 lambda: runs.sight().control(learning_rate=form_state.value("learning_rate")))
    choice.row("epochs", "batch_size")


def _groups(data: Dataset) -> None:
    """Everything that is changed less often, in groups that cost nothing while they are closed."""
    in_lesson = lessons.lesson() is not None
    about = None if in_lesson else st.expander("About these choices", key="group_about", on_change="rerun")
    if about is not None and about.open:
        with about:
            _about(data)
    if data.name not in ("table", "placed") and form_state.own_parameters("dataset_parameters"):
        choice.group(f"Settings of {plain(data.label)}", ("dataset_parameters",), data,
                     lambda: choice.own("dataset_parameters", data))
    choice.group("What to learn: label or input", ("target", "normal", "input_noise", "masking"), data,
                 lambda: _target(data))
    choice.group("Make the data harder", ("training_size", "label_noise", "imbalance", "scaling"), data,
                 lambda: _harder(data))
    choice.group("Augmentation", ("augmentation_parameters",), data, lambda: _augmentation(data))
    if form_state.value("architecture") != "custom":
        _layers_offer()
        if form_state.value("architecture") != "softmax":  # the rest is about hidden layers
            choice.group("Weights and regularization", ("dropout_rate", "initializer", "l1", "l2",
                                                  "batch_normalization"), data, _regularization)
    found = ("optimizer",) if in_lesson else ("optimizer", "learning_rate")
    choice.group("Optimizer and learning-rate finder", found, data, _optimizer)
    optimizer = OPTIMIZERS[form_state.value("optimizer")]
    if optimizer.parameters:
        choice.group(f"More of {optimizer.label}", ("optimizer_parameters",), data,
                     lambda: choice.own("optimizer_parameters", data))
    choice.group("Seed and validation set", ("seed", "validation_share"), data,
                 lambda: choice.row("seed", "validation_share"))
    choice.group("Schedule and clipping", ("schedule", "schedule_parameters", "clip_norm"), data,
                 lambda: _schedule(data))
    choice.group("Loss", ("loss", "loss_parameters", "class_weights"), data, lambda: _loss(data))
    choice.group("Early stopping", ("patience",), data, lambda: choice.field("patience"))


def _about(data: Dataset) -> None:
    """What was chosen, in a sentence or a picture each."""
    if "dataset" not in hidden():
        st.caption(f"**{plain(data.label)}.** {plain(data.help)}")
    if "architecture" not in hidden():
        entry = ARCHITECTURES[form_state.value("architecture")]
        st.caption(f"**{entry.label}.** {entry.help}")
    if _asks_activation() and "activation" not in hidden():
        activation = ACTIVATIONS[form_state.value("activation")]
        st.markdown(activation_plot(activation), unsafe_allow_html=True)
        st.caption(activation.help)
    if "architecture" not in hidden():
        _not_offered(_refusals(data))


def _target(data: Dataset) -> None:
    found = targets_of(data)
    chosen = form_state.value("target")
    chosen = chosen if chosen in found else LABEL
    widgets.fill(PARAMETERS["target"], "target", chosen)
    choice.field("target", options=found)
    if "target" not in hidden():
        st.caption(TARGETS[chosen].help)
    classes = data.labelled.classes
    # Of a table that is still to be uploaded, the classes are unknown, and the link's choice is kept.
    if applies("normal", data) and classes:
        chosen = form_state.value("normal")
        widgets.fill(PARAMETERS["normal"], "normal", [name for name in chosen if name in classes])
        choice.field("normal", options=classes)
    choice.row("input_noise", "masking", data=data)


def _harder(data: Dataset) -> None:
    choice.row("training_size", "label_noise", data=data)
    choice.row("imbalance", data=data)
    choice.field("scaling")


def _augmentation(data: Dataset) -> None:
    if lessons.lesson() is not None:  # no group around it has its name
        st.markdown("**Augmentation**")
    st.caption(HELP["augmentation"])
    choice.own("augmentation_parameters", data)
    augmentation.draw(data)


def _regularization() -> None:
    choice.field("dropout_rate")
    choice.field("initializer")
    choice.row("l1", "l2")
    choice.field("batch_normalization")


def _optimizer() -> None:
    choice.field("optimizer")
    optimizer = OPTIMIZERS[form_state.value("optimizer")]
    if "optimizer" not in hidden():
        st.caption(f"{optimizer.help} A learning rate near {optimizer.learning_rate:g} is a good start.")
    if "learning_rate" not in hidden() and lessons.lesson() is None:
        lr_finder.draw("learning_rate" in locked())


def _not_offered(refusals: Mapping[str, str | None]) -> None:
    """The architectures that do not suit this dataset, and why."""
    reasons: dict[str, list[str]] = {}
    for name, refusal in refusals.items():
        if refusal:
            reasons.setdefault(refusal, []).append(ARCHITECTURES[name].label)
    for refusal, labels in reasons.items():
        st.caption(f"**Not here: {', '.join(labels)}.** {refusal}")


def _schedule(data: Dataset) -> None:
    choice.field("schedule")
    if "schedule" not in hidden():
        st.caption(SCHEDULES[form_state.value("schedule")].help)
    choice.own("schedule_parameters", data)
    schedule.draw()
    choice.field("clip_norm")


def _loss(data: Dataset) -> None:
    fitting = losses_of(data)
    if form_state.value("loss") not in fitting:
        st.session_state["loss"] = fitting[0]
    choice.field("loss", options=fitting)
    if "loss" not in hidden():
        st.caption(LOSSES[form_state.value("loss")].help)
    choice.own("loss_parameters", data)
    if applies("class_weights", data):
        choice.field("class_weights")


def _layers_offer() -> None:
    """A button that turns the architecture into a list of layers, unless the link hides or locks it."""
    fields = {"architecture", "architecture_parameters"}
    if not fields & hidden():
        layer_editor.offer(disabled=bool(fields & locked()))
