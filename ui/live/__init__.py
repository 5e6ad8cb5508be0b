"""The live part of a page: the buttons, a run's panel, a study's board, and the stream that updates them.

May import: form, session.

actions.py      What stands over the panel: links, files and notes; and buttons where there is no stream
coach.py        The coach's buttons: fill a suggested change into the sidebar
commands.py     `obey`: carries out what a browser commands: Train, Pause, Step, show a run, ...
component.py    The live panel as one component that stays mounted and gets only changes
details.py      Tables of the layers and the data, drawn while they are unfolded
open_pages.py   The open pages: what each shows, and the key by which its browser asks for it
panel.py        The live part of the Playground page: keeps the panel up to date
rewinding.py    The command that shows an earlier moment of a run, of a network or of agents
stage.py        `Stage`: what the commands of one page act on, and what the page shows of it
stream.py       The stream: a websocket that pushes changes to open pages and brings their commands
study_board.py  The board of a study as cards that stay mounted and get only changes
touring.py      The tour: its commands, and what the page's script does for it
trying.py       Reads questions about an input of the learner's own, at most ten a second
weight_editor.py  Weights that a learner set by hand on one page, and what became of them
"""
