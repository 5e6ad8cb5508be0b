"""A run to take home: a script, a notebook and files that need nothing of this project.

May import: metrics, runs, catalog, datasets.

batches.py       Code for training batches that are changed anew each time: damaged, or with hidden words
counting.py      How many examples a run's three sets have, and whether a plain split gives the same
files.py         The other files to take home: history, weights and config
fitting.py       The training section: optimizer, learning rate, loss, callbacks and `fit`
hidden_words.py  Script code for hidden words: hides them, and trains a network to guess them
network.py       The model section: a list of layers, or function calls where a layer reads two others
preparing.py     The data section: load, split and preprocess the examples
ranking.py       Ranks with the network, and the tutorial's nearest neighbours beside it
ratings.py       Script code for ratings: drawn, divided per user, numbered
scoring.py       The last sections: the test score, and saving the trained model
script.py        `script` and `notebook`: a run in plain Keras, with nothing from this project
section.py       `Section`: a heading, a few sentences and the code
sentences.py     Script code that reads sentences and numbers their words
sources.py       How a script gets each dataset without this project, one entry each
starting.py      The sections of a run that starts from another one's weights
table_source.py  Script code that reads the learner's CSV file exactly as this project reads it
transferring.py  The code that takes over layers, freezes or slows them, and the start's own data
writing.py       Writes values, calls and Keras layers as Python source
"""

from core.export.files import config_from_json, config_json, filename, history_csv, weights_npz
from core.export.script import notebook, script, stopped_after
from core.export.starting import refusal

__all__ = ["config_from_json", "config_json", "filename", "history_csv", "notebook", "refusal",
           "script", "stopped_after", "weights_npz"]
