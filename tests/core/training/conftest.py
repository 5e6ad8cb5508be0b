"""What tests of training share."""

import pytest


@pytest.fixture
def single(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call is one item, so that the n-th checkpoint is at position n."""
    monkeypatch.setattr("core.training.pacer.CALL_SECONDS", 0.0)
