"""`script`: an agent's run as a Python script, with nothing from this project."""

import re
from typing import Any

from core.agents.config import AgentConfig
from core.agents.script_networks import network_sections
from core.agents.script_tables import table_section
from core.agents.script_worlds import SCRIPT_WORLDS
from core.export.section import Section, heading, import_lines, joined
from core.export.writing import literal

_BACKEND = """\
# Must be set before Keras is imported.
os.environ["KERAS_BACKEND"] = "jax"
"""
_SEED = "# The same seed draws the same numbers in every run.\nrng = np.random.default_rng(SEED)"


def script(config: AgentConfig) -> str:
    """A script in NumPy, or in Keras on JAX, that learns as the run did and prints what it learned."""
    world = SCRIPT_WORLDS[config.environment]
    learning = (table_section(config),) if config.way.tabular else network_sections(config)
    needed = frozenset(f"import {name}" for name in world.packages)
    rest = (Section("Environment", world.text, world.code, needed), *learning,
            Section("Result", "", world.result))
    parts = [f"{heading(section)}\n{_apart(section.code)}" for section in (_settings(config, rest), *rest)]
    return f'"""{_head(config)}\n"""\n\n' + "\n\n\n".join(parts) + "\n"


def _apart(code: str) -> str:
    """`code` below a comment, with blank lines between if it starts with a definition."""
    return f"\n\n{code}" if code.startswith(("def ", "class ")) else code


def _head(config: AgentConfig) -> str:
    packages = ["numpy", *([] if config.way.tabular else ["jax", "keras"]),
                *SCRIPT_WORLDS[config.environment].packages]
    several = f"The run had {config.agents} agents, each with a seed of its own; this script trains one.\n"
    return (f"{config.name}, as trained in the Deep Learning Playground.\n\n"
            f"To install what it needs: pip install {' '.join(packages)}\n"
            f"{several if config.agents > 1 else ''}"
            "It draws other random numbers than the run did, so its results differ a little from the run's.")


def _settings(config: AgentConfig, rest: tuple[Section, ...]) -> Section:
    """Imports, and every number of the config that the rest reads."""
    values = {"seed": config.seed, "steps": config.steps, **config.numbers, **config.method_parameters,
              **config.environment_parameters, "copies": config.parallel,
              "most_steps": config.world.most_steps}
    code = "\n".join(section.code for section in rest)
    lines = [f"{name.upper()} = {_written(value)}" for name, value in values.items()
             if name == "seed" or re.search(rf"\b{name.upper()}\b", code)]
    seeds = _SEED
    imports = import_lines(rest)
    if not config.way.tabular:
        first, _, others = imports.partition("\n\n")
        imports, seeds = joined(first, _BACKEND, others), f"{_SEED}\nkeras.utils.set_random_seed(SEED)"
    return Section("Settings", "", joined(imports, "\n".join(lines), seeds))


def _written(value: Any) -> str:
    """A value as Python; a board with a row on each line."""
    if isinstance(value, tuple) and all(isinstance(row, str) for row in value):
        return "(\n" + "".join(f"    {literal(row)},\n" for row in value) + ")"
    return literal(value)
