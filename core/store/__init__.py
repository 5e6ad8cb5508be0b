"""Runs that have ended, kept in a database: written by a thread of its own, read with the key of the
browser that trained them.

May import: runs, catalog, datasets.

database.py  A database by its URL: transactions that read or write, and what goes wrong with them in…
packing.py   Curves and test results of a run as bytes, and back: compressed npz, never a pickle
record.py    A run as the store has it: what a list of runs shows, and, apart from that, its curves and…
schema.py    The tables of the store, and how those of an older version become those of this one
store.py     The store of ended runs: one transaction a run, and each browser sees its own alone
writer.py    Hands ended runs to the store: in a thread of its own, again and again until they are there
"""

from core.store.database import Unavailable
from core.store.record import Record, StoredResults, StoredRun, kept_of, record_of
from core.store.store import Details, Store, store_of
from core.store.writer import BackgroundWriter

__all__ = [
           "BackgroundWriter",
           "Details",
           "Record",
           "Store",
           "StoredResults",
           "StoredRun",
           "Unavailable",
           "kept_of",
           "record_of",
           "store_of",
]
