"""Pages to print: pure functions from a lesson or a run to HTML. `static/paper.css` says how it looks.

May import: views, lessons, charts, coach, comparison, metrics, runs, catalog, datasets.

axes.py       Empty axes, to draw curves on with a pencil
certificate.py  Which lessons a learner has passed
chosen.py     What was chosen for a run, in words: first what differs from how the playground opens
figures.py    A figure of `core.charts` as an SVG on white paper
html.py       HTML as values: text is escaped wherever it is put into markup
notes.py      A page of notes on a lesson, for its teacher
report.py     The report of a run: one page that a learner can hand in
scales.py     Where the values of a figure's axis are on paper, and which are written beside it
sheet.py      `Sheet`: something to print, and the parts that several sheets share
worksheet.py  The worksheet of a lesson: to predict, try and answer on paper
"""
