"""What a run is: its config, presets, controls, events, history and checkpoints.

May import: catalog, datasets.

agreement.py     Whether the fields of a config go together
answers.py       Answers of a worker to questions about a config: its layers, a good learning rate
bad_presets.py   Presets that go wrong on purpose, for the learner to diagnose
checkpoints.py   Checkpoint files: written during a run, read by its next attempt if the worker is lost
config.py        `RunConfig`: everything that decides how a run goes; validated, plain JSON
continuing.py    A config that goes on from where a run is, or was
controls.py      `Controls`: what a learner can change during a run, and the worker's mailbox for it
dense_steps.py   Dense networks as steps that a browser can compute, and the order of their weights
disk_limits.py   Keeps the workers' files within a size limit: deletes those used longest ago first
downsampling.py  Reduces the points of a long curve without changing how it looks
evaluations.py   What a network does with test and validation examples, and with single inputs
events.py        The events that a worker sends during a run
examples.py      The configs that the Home page opens, which workers compile in advance
fields.py        The fields of a RunConfig: their ranges, defaults, and the datasets they apply to
guesses.py         What a network guesses for hidden words
history.py       `History`: everything a run recorded, built from its events
input_fields.py  The fields in which a learner sets a table's input, with their ranges
matrix_cells.py  Which test examples are counted in a cell of the confusion matrix
moments.py       Moments: what was shown of a run, thinned as it grows, so that it can be rewound
preset.py        `Preset`: a config with a name, and what to look for in its run
presets.py       All presets: good starts, the tutorials' networks, applications, and those of other files
program_key.py   The part of a config that its compiled program depends on
run.py           `Run`: one training of one config, as the pages see it
run_name.py      The short name of a run, for lists
shown_layers.py  The layers whose outputs are shown where the browser cannot compute them
start.py         `Start`: the weights that a run begins with, where they are not new
taken_layers.py  Which layers a run takes over from its start, and which of those it does not train
recommended.py   What a learner asks about users and items, and what the network recommends
transfer_presets.py  Presets that take layers over from another run
tried.py         `Tried`: an input of the learner's own that the network is asked about
weight_edits.py  Weights that a learner sets by hand, in a copy: checked, and put in their places
"""
