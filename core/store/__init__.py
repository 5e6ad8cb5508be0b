"""Ended runs in a database: saved by a background thread, read with the key of the browser that trained them.

May import: runs, catalog, datasets.

database.py   Database access by URL: read and write transactions, and their errors in plain words
moment.py     The last moment of a run as bytes, and back
packing.py    A run's curves and test results as compressed bytes, and back; never pickle
progress.py   `ProgressTable`: what each browser predicted, passed and wrote in lessons
record.py     A run as it is stored: the row shown in lists, and its curves and results apart
reopening.py  A stored run as a run again, as it ended
schema.py     The database tables, and the migrations from older versions
store.py      `Store`: saves and reads ended runs; each browser sees only its own
writer.py     `BackgroundWriter`: saves ended runs from its own thread, retrying until it works
"""

from core.store.database import Unavailable
from core.store.progress import LessonProgress, ProgressTable
from core.store.record import Record, StoredResults, StoredRun, kept_of, record_of
from core.store.store import Details, Store, store_of
from core.store.writer import BackgroundWriter

__all__ = [
           "BackgroundWriter",
           "Details",
           "LessonProgress",
           "ProgressTable",
           "Record",
           "Store",
           "StoredResults",
           "StoredRun",
           "Unavailable",
           "kept_of",
           "record_of",
           "store_of",
]
