"""The learners' tables that this process knows, by their digests."""

import threading
from collections import OrderedDict
from weakref import WeakValueDictionary

from core.datasets.table import Table
from core.datasets.table_target import refused

# The tables of this process; the one used last is at the end.
KEPT_TABLES = 16
KEPT_BYTES = 64 * 2**20
_tables: OrderedDict[str, Table] = OrderedDict()
# A table that a session or a run still holds can be found here even if it is no longer kept.
_in_use: WeakValueDictionary[str, Table] = WeakValueDictionary()
_lock = threading.Lock()


def register(table: Table) -> None:
    """Makes the table known to this process. If there are too many, those used longest ago are dropped."""
    with _lock:
        _tables[table.digest] = _in_use[table.digest] = table
        _tables.move_to_end(table.digest)
        while len(_tables) > 1 and (len(_tables) > KEPT_TABLES
                                    or sum(other.nbytes for other in _tables.values()) > KEPT_BYTES):
            _tables.popitem(last=False)


def make_room(size: int, most: int) -> bool:
    """Whether one more table of `size` bytes fits into the `most` bytes for all tables of this process.

    Tables that no session or run holds any more are dropped to make room.
    """
    with _lock:
        while (full := size + sum(table.nbytes for table in list(_in_use.values())) > most) and _tables:
            _tables.popitem(last=False)
    return not full


def table_of(digest: str) -> Table | None:
    """The registered table with this digest; None if there is none, or no longer."""
    with _lock:
        if digest in _tables:
            _tables.move_to_end(digest)
        return _tables.get(digest) or _in_use.get(digest)


def known_table(digest: str) -> Table:
    """The same. Raises `FieldError` if there is none."""
    table = table_of(digest)
    if table is None:
        raise refused("digest", "The table is no longer available. Upload it again.")
    return table
