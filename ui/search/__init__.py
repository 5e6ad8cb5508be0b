"""The parts of the Search page.

May import: live, form, session.

form.py  The search form: which parameters, which ranges, which method
page.py  The Search page: which search is shown, its results, and opening a trial
"""
