"""Pages to print, on the page Print.

May import: live, form, session.

desk.py    `SHEETS`: what can be printed, by the name in the address, and links to it
viewer.py  Shows a sheet as it will be printed, with a button that prints it
"""
