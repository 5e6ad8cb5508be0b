"""A run as a Python script and as a Jupyter notebook in plain Keras; neither needs this project."""

import re
from typing import Any

from core.export.fitting import Changes, fitting_section, steps, trained_epochs
from core.export.network import model_section
from core.export.preparing import data_section
from core.export.ranking import ranking_sections
from core.export.scoring import saving_section, scoring_section
from core.export.section import Section, heading, import_lines, joined
from core.export.sentences import own_sentence_section
from core.export.sources import source
from core.export.starting import last_step, start_values, started_sections
from core.runs.config import RunConfig
from core.runs.history import History

# Fields of the config that are written at the top of a script if something in it reads them.
_TURNED = ("training_size", "validation_share", "label_noise", "imbalance", "learning_rate", "batch_size",
           "epochs")


def stopped_after(history: History) -> int | None:
    """After how many steps a run was stopped early; None if it was not.

    Also None if it had not started: then the whole planned run is exported.
    """
    ended = history.finished
    return ended.step if ended is not None and ended.status == "stopped" and ended.step else None


def sections(config: RunConfig, changes: Changes = (), stopped: int | None = None) -> tuple[Section, ...]:
    """The sections of the script in order: settings, data, model, training, evaluation, saving,
    and for sentences one of your own.

    changes: learning-rate changes (step, learning_rate) of the run. stopped: from `stopped_after`. Raises
    `FieldError` if a learner's table is gone, or for a start that no script can repeat.
    """
    stopped = last_step(config, stopped)
    rest = (*_trained(config, changes, stopped), scoring_section(config), *ranking_sections(config),
            saving_section(config, changes), *own_sentence_section(config))
    return (_settings(config, rest, stopped), *rest)


def _trained(config: RunConfig, changes: Changes, stopped: int | None) -> tuple[Section, ...]:
    if config.start is not None:
        return started_sections(config, changes, stopped)
    return data_section(config), model_section(config), fitting_section(config, changes, stopped)


def script(config: RunConfig, changes: Changes = (), stopped: int | None = None) -> str:
    """The run as a Python script; see `sections`."""
    parts = [f"{heading(section)}\n{_apart(section.code)}" for section in sections(config, changes, stopped)]
    head = "\n\n".join(_head(config, stopped))
    return f'"""{head}\n"""\n\n' + "\n\n\n".join(parts) + "\n"


def _apart(code: str) -> str:
    """`code` below a comment, with blank lines between if it starts with a definition."""
    return f"\n\n{code}" if code.startswith(("def ", "class ")) else code


def notebook(config: RunConfig, changes: Changes = (), stopped: int | None = None) -> bytes:
    """The same as a notebook: each section's text, then its code."""
    # Imported here because it takes a moment to load and is seldom needed.
    import nbformat
    from nbformat import v4

    made = v4.new_notebook(metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}})
    cells = [v4.new_markdown_cell("# " + "\n\n".join(_head(config, stopped)))]
    for section in sections(config, changes, stopped):
        cells += [v4.new_markdown_cell(f"## {section.title}\n\n{section.text}".strip()),
                  v4.new_code_cell(section.code)]
    for number, cell in enumerate(cells):
        # Otherwise drawn at random, but the same run should give the same file.
        cell["id"] = f"cell-{number}"
    made.cells = cells
    nbformat.validate(made)
    return nbformat.writes(made).encode()


def about(config: RunConfig) -> str:
    """A description of the run in one line."""
    return f"{config.name} on {config.data.label}, as trained in the Deep Learning Playground."


def _head(config: RunConfig, stopped: int | None) -> list[str]:
    """The text at the top of the script, in paragraphs."""
    if stopped is None:
        return [about(config), _needs(config)]
    each, whole = steps(config)
    whole = last_step(config, None) or whole
    return [about(config), f"The run was stopped after {stopped:,} of {whole:,} steps, {stopped / each:.4g} "
            f"of {config.epochs:,} epochs.\nThis script stops at the same step.", _needs(config)]


def _needs(config: RunConfig) -> str:
    packages = " ".join(["keras", "jax", "scikit-learn", *source(config).packages])
    return (f"Needs Keras 3 on JAX, TensorFlow or PyTorch: pip install {packages}\nIt starts from different "
            "weights and sees the examples in a different order than the run did, so its\nresults differ a "
            "little from the run's.")


def _settings(config: RunConfig, rest: tuple[Section, ...], stopped: int | None) -> Section:
    """Imports, and the numbers that a reader may want to change."""
    values: dict[str, Any] = {name: getattr(config, name) for name in _TURNED}
    if stopped is not None:
        values |= {"epochs": trained_epochs(config, stopped), "last_step": stopped}
    values |= start_values(config)
    lines = [f"SEED = {config.preparation.seed}"]
    code = "\n".join(section.code for section in rest)
    if re.search(r"\bCLASSES\b", code):  # a single output for two classes may leave it unused
        lines.append(f"CLASSES = {len(config.data.classes)}")
    lines += [f"{name.upper()} = {value!r}" for name, value in values.items()
              if re.search(rf"\b{name.upper()}\b", code)]
    backend = ('# Or "tensorflow", or "torch". Must be set before Keras is imported.\n'
               'os.environ.setdefault("KERAS_BACKEND", "jax")')
    arrays = ["import numpy as np"] if "np." in code else []
    own: frozenset[str] = frozenset({"import os", "import keras", *arrays})
    written = import_lines([Section("", "", "", own), *rest])
    first, _, others = written.partition("\n\n")
    seeds = "# The same seed draws the same numbers in every run.\nkeras.utils.set_random_seed(SEED)"
    return Section("Settings", "", joined(first, backend, others, "\n".join(lines), seeds))
