"""`Preset`: a config with a name, and what to look for in its run."""

from dataclasses import dataclass

from core.runs.config import RunConfig

# "good": how a run should look. "listing": as a tutorial prints it. "bad": for the learner to diagnose.
KINDS = ("good", "listing", "bad")


@dataclass(frozen=True)
class Preset:
    """One preset.

    Attributes:
        name, label: its key, and what the menu shows.
        kind: one of `KINDS`.
        text: what to look for.
        config: what it fills in.
        diagnosis: for `bad` ones, what is wrong and how to cure it; shown only after the learner has thought
            about it.
        curve: whether its learning curve is what to look at: trained in one click.
    """

    name: str
    label: str
    kind: str
    text: str
    config: RunConfig
    diagnosis: str = ""
    curve: bool = False
