"""Pages to print: pure functions from a lesson or a run to HTML. `static/paper.css` says how it looks.

May import: views, lessons, charts, coach, comparison, runs, catalog, datasets.

axes.py       Empty axes, to draw curves on with a pencil
html.py       HTML as values: text is escaped wherever it is put into markup
notes.py      A page of notes on a lesson, for its teacher
sheet.py      `Sheet`: something to print, and the parts that several sheets share
worksheet.py  The worksheet of a lesson: to predict, try and answer on paper
"""
