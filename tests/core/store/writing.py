"""Writes runs to a store in a process of its own: `python writing.py URL NAME COUNT`.

It prints a line for each that is written. COUNT 0: until it is killed.
"""

import itertools
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from core.store import Store, Unavailable
from tests.core.store import made


def main(url: str, name: str, count: int) -> None:
    store, one = Store(url), made.record()
    for number in range(count) if count else itertools.count():
        # As `Keeper` does: what cannot be written now is written later.
        while True:
            try:
                store.keep(replace(one, kept=replace(one.kept, id=f"{name}-{number}")))
                break
            except Unavailable as error:
                print("again", error, file=sys.stderr)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
