"""What pages show, as plain data: the live panel of a run, the board of a study, the status, and patches.

May import: agents, lessons, charts, coach, studies, comparison, metrics, store, runs, catalog, datasets.

coach_card.py      The coach's line: each advice with what its button changes, or why it cannot
edited.py          What the network's picture says of weights that were set by hand
lesson_line.py     The line that leads back to the lesson where the sidebar is closed
network.py         The picture of a network: its layers and inputs, and the weights that fill it in
network_inputs.py  The inputs of a network for that picture: names, the chosen example, the plane
panel_layout.py    `TASK_LAYOUTS`: what each card of the live panel shows, one entry per task
patches.py         `diff`: sends only the parts of a page that changed
reports.py         The test report: results on the whole test set, beside a simple guess
run_bar.py         The run bar, its slider and the regions' axes: what can be pressed, what is chosen
run_chips.py       The chips of the last runs, each named by what differs from the run before
run_panel.py       `RunPanel`: the live panel of a run, part by part
sketch.py          The curves that a learner draws before the run
start_words.py     What a run that starts from another one's weights says of it
status.py          A run in words and numbers: the status beside the curves
study_board.py     The board of a study: its cards and what they show
tour_card.py       The tour: the open card, or the offer to begin
try_it.py          The card Try it: what the learner can set, and what the network answers
"""
