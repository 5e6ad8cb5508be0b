"""The parts of the page Learn, and a lesson as the Playground shows it.

May import: live, form, session.

article_list.py  Ideas and questions as cards, words as a list, and what teachers need
cards.py         `CARDS`: what a card has besides its text, such as sliders
challenging.py   The challenge: its task, hints, and the check by the server
explaining.py    What happened in a lesson, from the numbers of the learner's own run
lesson_list.py   The lessons as cards
lesson_panel.py  The lesson above the sidebar's fields
links.py         Links from an article to the stage or another page
opening.py       Opens a lesson or its challenge on the stage, and leaves it
overview.py      `SECTIONS`: what Learn offers; the address says which one is shown
predicting.py    What the learner predicts before the first run
progress.py      What was passed and predicted, and the certificate
reviewing.py     Questions from earlier lessons, asked again
searching.py     The search field and the groups above a list
"""
