"""What Learn teaches: lessons and their checks, ideas, words and questions, read from tables of text.

May import: store, studies, runs, metrics, coach, catalog, datasets.

articles.py    `IDEAS`, `TERMS`, `QUESTIONS`, `TEACHERS`: short texts with links to what shows them
attempt.py     `Attempt`: where one learner stands in a lesson
by_hand.py     What is measured where a challenge is met by hand: a line, a moment of a run, a kernel
checks.py      `CHECKS`: what a challenge asks of its results, and the verdict in words
facts.py       `FACTS`: numbers of a run, for explanations and for predictions
finding.py     The entries that contain what somebody types
from_toml.py   Makes entries of a TOML file, or says which field of which entry does not fit
graded.py      What a check judges, and its verdict
grading.py     `Grading`, the study that grades a challenge by training again; verdicts
ideas.py       The ideas as a document, for readers without the app
judging.py     Whether a prediction was right, and why
lesson.py      `Lesson`, and what it consists of
links.py       `LabelledLink`: where a link within the app leads
progress.py    `ProgressBook`: what each browser predicted, passed and wrote
reading.py     Reads lessons from their files and checks them
review.py      Which questions of earlier lessons are asked again
submitting.py  What a learner hands in, checked against the lesson
summary.py     What a learner's progress adds up to
tour.py        `CARDS`: the tour of the stage; what a browser remembers of it
tour_done.py   `DONE`: whether a learner has done what a card of the tour asks for
touring.py     `Tour`: where one session stands in the tour
"""
