"""The parts of the page Learn.

May import: form, session.

idea_list.py  The ideas, as cards
links.py      Links from an entry to the stage or another page
overview.py   `SECTIONS`: what Learn offers; the address says which one is shown
searching.py  The search field and the groups above a list
"""
