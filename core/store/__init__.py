"""Ended runs, kept: written by a thread of their own, read by whoever has their browser's key."""

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
