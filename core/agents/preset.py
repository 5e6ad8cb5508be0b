"""`AgentPreset`: a config with a name, and what to look for in its run."""

from dataclasses import dataclass

from core.agents.config import AgentConfig


@dataclass(frozen=True)
class AgentPreset:
    """One preset of the Agents page.

    Attributes:
        name, label: its key, and what the menu shows.
        kind: "good" for how a run should look, "bad" for one to diagnose.
        text: what to look for.
        config: what it fills in.
        diagnosis: for bad ones, what is wrong and how to cure it; shown only after the learner has thought
            about it.
    """

    name: str
    label: str
    kind: str
    text: str
    config: AgentConfig
    diagnosis: str = ""
