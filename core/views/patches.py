"""The parts of a live page: each one is built and sent only when it changed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any


@dataclass(frozen=True)
class Patch:
    """One part of a page.

    Attributes:
        key: changes when the content does.
        build: makes the content.
    """

    key: Hashable
    build: Callable[[], dict[str, Any]]

    @property
    def version(self) -> str:
        return blake2b(repr(self.key).encode(), digest_size=6).hexdigest()


Parts = Mapping[str, Patch]


def diff(parts: Parts, sent: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """What to send, and the versions that the browser will then have.

    sent: the versions it has already. For parts that did not change only the version is sent, so that a
    browser that has something else can ask.
    """
    told, versions = {}, {}
    for name, part in parts.items():
        versions[name] = part.version
        told[name] = {"version": part.version}
        if sent.get(name) != part.version:
            told[name]["content"] = part.build()
    return told, versions
