"""A run as a Python script and as a Jupyter notebook, in plain Keras, which need nothing of this project."""

from core.config import RunConfig
from core.export.fitting import Changes, fitting_section
from core.export.network import model_section
from core.export.preparing import data_section
from core.export.scoring import saving_section, scoring_section
from core.export.section import Section, heading, import_lines, joined
from core.export.sources import source


def sections(config: RunConfig, changes: Changes = ()) -> tuple[Section, ...]:
    """The parts of the script in their order: settings, data, model, training, evaluation, saving.

    changes: (step, learning_rate), those of the run. Raises `FieldError` where a learner's table is gone.
    """
    rest = (data_section(config), model_section(config), fitting_section(config, changes),
            scoring_section(config), saving_section(config, changes))
    return (_settings(config, rest), *rest)


def script(config: RunConfig, changes: Changes = ()) -> str:
    """The run as a Python script; see `sections`."""
    parts = [joined(f"{heading(one)}\n{one.code}") for one in sections(config, changes)]
    return f'"""{about(config)}\n\n{_needs(config)}\n"""\n\n' + "\n\n\n".join(parts) + "\n"


def notebook(config: RunConfig, changes: Changes = ()) -> bytes:
    """The same as a notebook: the words of each section, then its code."""
    # It takes a moment to load, and is seldom asked for.
    import nbformat
    from nbformat import v4

    made = v4.new_notebook(metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}})
    cells = [v4.new_markdown_cell(f"# {about(config)}\n\n{_needs(config)}")]
    for one in sections(config, changes):
        cells += [v4.new_markdown_cell(f"## {one.title}\n\n{one.text}".strip()), v4.new_code_cell(one.code)]
    for number, cell in enumerate(cells):
        # Drawn at random otherwise; the same run shall give the same file.
        cell["id"] = f"cell-{number}"
    made.cells = cells
    nbformat.validate(made)
    return nbformat.writes(made).encode()


def about(config: RunConfig) -> str:
    """What it is, in one line."""
    return f"{config.name} on {config.data.label}, as trained in the Deep Learning Playground."


def _needs(config: RunConfig) -> str:
    packages = " ".join(["keras", "jax", "scikit-learn", *source(config).packages])
    return (f"Needs Keras 3 on JAX, TensorFlow or PyTorch: pip install {packages}\n"
            "Other first weights and another order of the examples give other numbers, but near ones.")


def _settings(config: RunConfig, rest: tuple[Section, ...]) -> Section:
    """Imports, and the numbers that somebody may want to change."""
    lines = [f"SEED = {config.seed}"]
    if config.data.classes:
        lines.append(f"CLASSES = {len(config.data.classes)}")
    code = "\n".join(one.code for one in rest)
    for name in ("training_size", "validation_share", "label_noise", "imbalance", "learning_rate",
                 "batch_size", "epochs"):
        if name.upper() in code:
            lines.append(f"{name.upper()} = {getattr(config, name)!r}")
    backend = ('# Or "tensorflow", or "torch"; chosen before Keras is imported.\n'
               'os.environ.setdefault("KERAS_BACKEND", "jax")')
    arrays = ["import numpy as np"] if "np." in code else []
    own: frozenset[str] = frozenset({"import os", "import keras", *arrays})
    written = import_lines([Section("", "", "", own), *rest])
    first, _, others = written.partition("\n\n")
    seeds = "# The same seed draws the same numbers in every run.\nkeras.utils.set_random_seed(SEED)"
    return Section("Settings", "", joined(first, backend, others, "\n".join(lines), seeds))
