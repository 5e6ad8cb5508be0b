"""Pages to print: pure functions from a lesson or a run to HTML. `static/paper.css` says how it looks.

May import: views, lessons, charts, coach, comparison, metrics, runs, catalog, datasets.

certificate.py  The certificate: which lessons a learner has passed
chosen.py     What was chosen for a run, in words: first what differs from how the playground opens
figures.py    A figure of `core.charts` as an SVG on white paper
html.py       `Html`, a type for markup: all other text is escaped when it is put into markup
notes.py      A page of notes on a lesson, for its teacher
report.py     The report of a run: one page that a learner can hand in
scales.py     Where the values of an axis are on paper, and which of them get a label
sheet.py      `Sheet`, something to print, and the parts that several sheets share
worksheet.py  The worksheet of a lesson: to predict, try and answer on paper
"""
