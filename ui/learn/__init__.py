"""The parts of the page Learn.

May import: form, session.

article_list.py  Ideas and questions as cards, words as a list, what teachers need
cards.py         `CARDS`: what can be moved on a card itself
links.py         Links from an article to the stage or another page
overview.py      `SECTIONS`: what Learn offers; the address says which one is shown
searching.py     The search field and the groups above a list
"""
