"""The live part of a page: the panel, the board of a study, and the stream that keeps them up to date.

May import: form, session.

actions.py      The buttons of a run: Train, Pause, Resume, Step, Stop, Reset, and the pace
coach.py        The coach's buttons: what one of them changes is put into the sidebar, and nothing is…
component.py    The live panel on a page: one component that stays mounted and is told only what changed
panel.py        The live part of the Playground: what is new of its runs, drawn in place
stream.py       The stream: a socket beside Streamlit's own, by which open pages hear of their runs
study_board.py  The board of a study on a page: cards that stay mounted and are told only what changed
"""
