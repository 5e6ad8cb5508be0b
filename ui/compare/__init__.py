"""The parts of the Compare page.

May import: live, form, session.

actions.py   What is done with the runs that are ticked: open, pin, rename, tag, delete, take back, CSV
filters.py   Which of the kept runs the table lists: by text, status, dataset and tag
pair.py      Two runs side by side: what differs, whether luck explains it, and their confusion matrices
run_list.py  All runs of this browser: those in the store, and those of this session that are not there…
table.py     The table of kept runs: results, and the configuration's columns that differ; its rows are…
views.py     The views of the listed runs: curves, two columns, all columns at once, and two runs side by…
"""
