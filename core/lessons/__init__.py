"""What Learn teaches: lessons and their checks, read from tables of text.

May import: runs, studies, metrics, coach, catalog, datasets.

lesson.py    `Lesson`, and what it consists of
reading.py   Reads lessons from their files and checks them
"""
