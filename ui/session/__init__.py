"""Who this browser is, and its runs and studies.

May import: The files beside the folders.

browser.py    Which browser this is: an unguessable key in its localStorage, so that F5 finds its runs…
link_runs.py  What the panel shows when a link is opened in a browser that has runs already
preload.py    What pages need sooner or later, loaded while the server starts: its first visitor would…
presses.py    One click is one press, also where the browser tells of it twice
rate.py       How often pages look for news: as often as the page process can afford, told by what a look…
runs.py       This session's runs: whose they are, which one is shown, and what the buttons ask of them
studies.py    This browser's studies: searches, folds and seeds; started, stopped and found again
"""
