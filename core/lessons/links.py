"""`LabelledLink`: where a link of a lesson, an idea or a term leads within the app."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

# The pages that links lead to, by their paths; the stage has none.
STAGE, LEARN, AGENTS = "", "learn", "agents"
# The name in an address that opens a lesson on the stage.
LESSON = "lesson"
PAGES = (STAGE, "evaluate", "compare", "search", LEARN, AGENTS)


@dataclass(frozen=True)
class LabelledLink:
    """A link and its words. Raises `ValueError` for an address that is none of this app's.

    Attributes:
        link: an address from the app's root: `?dataset=xor` opens the stage, `?lesson=scaling` a lesson,
            `agents?epsilon=0` the Agents page, `learn?idea=batch` an idea. It names no server, so that it
            works on every one.
        label: what the link says; empty where it is named after what it opens.
    """

    link: str
    label: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.link)
        if parts.scheme or parts.netloc or parts.fragment or parts.path not in PAGES:
            raise ValueError(f"a link must begin with ? or one of {', '.join(PAGES[1:])}, got {self.link}.")
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        if len(dict(pairs)) < len(pairs):
            raise ValueError(f"a name stands twice in the link {self.link}.")

    @classmethod
    def to(cls, params: Mapping[str, str], label: str = "", page: str = STAGE) -> "LabelledLink":
        """The link to a page, one of `PAGES`, with these query parameters."""
        return cls(f"{page}?{urlencode(params)}" if params else page, label)

    @property
    def page(self) -> str:
        """One of `PAGES`."""
        return urlsplit(self.link).path

    @cached_property
    def params(self) -> dict[str, str]:
        """The query parameters."""
        return dict(parse_qsl(urlsplit(self.link).query, keep_blank_values=True))
