"""The parts of the Compare page.

May import: live, form, session.

actions.py   Actions on the ticked runs: open, pin, rename, tag, delete, restore, CSV
filters.py   Filters of the run table: text, status, dataset and tag
pair.py      Two runs side by side: what differs, and whether it could be chance
run_list.py  All runs of this browser: stored ones, and those of this session not stored yet
table.py     The table of runs: results and the settings that differ, with tick boxes
views.py     `VIEWS`: curves, scatter, parallel coordinates, and two runs side by side
"""
