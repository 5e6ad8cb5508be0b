"""What pages show, as plain data: the run panel, the board of a study, the status, and what changed.

May import: Everything in core but training.

panel_layout.py  The places of the live panel, and what each task shows in them; one entry a task
patches.py       Parts of what a page shows live: each is made and sent only where it is new
run_panel.py     The live panel: what one message to the browser is made of, part by part
status.py        A run in words and numbers: what stands beside the curves, as plain data
study_board.py   The board of a study: its cards, and what each of them shows now
"""
