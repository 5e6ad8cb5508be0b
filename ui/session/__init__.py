"""Who this browser is, and its runs and studies.

May import: nothing else of ui but the files beside its folders.

browser.py      Identifies the browser by a secret key in its localStorage
lessons.py      The lesson that this session is in, and the progress of its learner
link_runs.py    What is shown when a link is opened in a browser that already has runs
preload.py      Imports heavy packages while the server starts
presses.py      `ignore_echo`: one click counts once, even if the browser reports it twice
rate.py         How often pages look for news, depending on what that costs
runs.py         `service`: what all sessions share; which browser this is, and its runs
sample.py       `SampleRun`: a run of the default settings for whoever has no run yet
script_runs.py  Knows whether the session's script is running, so that commands can wait for its end
shown_runs.py   `ShownRuns`: which runs a page shows, and what its buttons do with them
studies.py      This browser's studies: start, stop and find them again
tour.py         What this browser remembers of the tour, and whether its address asks for it
"""
