"""Counts in words, for texts of pages, charts and errors alike."""


def amount(count: int, noun: str) -> str:
    """How many there are, in words: `1 test example`, `2 test examples`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
