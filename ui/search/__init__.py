"""The parts of the Search page.

May import: live, form, session.

form.py  The form of a search: which parameters, over what, by which method; read back as a `Search`
page.py  The search of the page: which one is shown, what is seen of it, and a trial opened in the…
"""
