"""The live part of a page: the buttons, a run's panel, a study's board, and the stream that updates them.

May import: form, session.

actions.py      The buttons of a run: Train, Pause, Resume, Step, Stop, Reset, and the pace
coach.py        The coach's buttons: fill a suggested change into the sidebar
component.py    The live panel as one component that stays mounted and gets only changes
panel.py        The live part of the Playground page: keeps the panel up to date
stream.py       The stream: a websocket that pushes changes to open pages
study_board.py  The board of a study as cards that stay mounted and get only changes
"""
