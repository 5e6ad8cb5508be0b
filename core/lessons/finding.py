"""Finding entries by what somebody types."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Findable(Protocol):
    """An entry that can be found."""

    @property
    def words(self) -> str:
        """All that it says."""
        ...


F = TypeVar("F", bound=Findable)


def matching(entries: Iterable[F], typed: str) -> list[F]:
    """The entries that contain every word of `typed`, in any case; all of them for no word."""
    wanted = typed.casefold().split()
    return [entry for entry in entries if all(word in entry.words.casefold() for word in wanted)]
