"""What Learn teaches: lessons and their checks, ideas, words and questions, read from tables of text.

May import: runs, studies, metrics, coach, catalog, datasets.

finding.py    The entries that contain what somebody types
from_toml.py  Makes entries of a TOML file, or says which field of which entry does not fit
ideas.py      `IDEAS`: what to try, with links that open it; and the same as a document
lesson.py     `Lesson`, and what it consists of
links.py      `LabelledLink`: where a link within the app leads
reading.py    Reads lessons from their files and checks them
"""
