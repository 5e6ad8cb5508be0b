"""A running server for those who mean harm: it must survive each of them, and so must everybody's runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Server, serving


@pytest.fixture(scope="session")
def server(cache: Path) -> Iterator[Server]:
    """One server for all attacks. Sessions whose browser left end within a second or two."""
    with serving(cache / "attacked.log", "--server.disconnectedSessionTTL", "1") as one:
        yield one
