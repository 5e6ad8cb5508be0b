"""Builds, compiles and trains networks.

The only folder that imports keras and jax. It runs in the workers, never in the page process, and knows
nothing of Dask. Start with `fit.py`; it asks `pacer.py` how far to go and calls `program.py`, whose
arithmetic is in `steps.py`.

May import: studies, metrics, agents, runs, catalog, datasets.

augmentation.py          Random image changes inside the compiled step: shift, turn, zoom, flip, noise
augmentation_preview.py  A few augmented images for the form's preview
compile.py               Compiles programs: tiny ones quickly, and later ones in the background
convolution.py           Convolutions that stay fast inside a compiled loop on a CPU
corruption.py            Damages inputs that a network has to give back: noise and masked patches
dead_units.py            Finds dead relu units: those that output 0 for every example
evaluate_weights.py      Evaluates any weights of a network on the whole test set
example_maps.py          What the layers of a network give for one test example: feature maps, filters
flips.py          The smallest change of one feature that changes a network's answer
fit.py                   `fit`: trains one network and yields its events
freezing.py              Layers that are not trained, and layers that learn at a lower rate
initial.py               First weights, drawn with NumPy by Keras's formulas
layers.py                The layers that networks train with: Keras's, some replaced by faster classes
limits.py                Refuses a network whose memory or step time is over the limits, before the first step
live_weights.py          The weights that leave a worker, with each evaluation or at the end
looking.py               A network's own layers as a model that gives their outputs, too
losses.py                Losses and metrics per example, with parameters that can be program arguments
lr_sweep.py              The learning-rate finder: a sweep of rising rates, then short trainings at good ones
malloc.py                Keeps freed memory in the process while runs train
model.py                 Builds the Keras model and optimizer of a RunConfig
normalization.py         Batch normalization that ignores the padding of the last batch
numbers.py               The numbers a learner can change without compiling again
pacer.py                 Decides how many steps the next call of the program may take
plan.py                  `Plan`: how an epoch is divided into steps and validation slices, in which order
pooling.py               Max pooling that is fast in a compiled loop on a CPU; a mean that bears empty series
predict_test_set.py      A trained network's answers to its whole test set
probing.py               Looks at validation examples after epochs, for the coach, within a share of the time
program.py               `Program`: the one compiled program of a network, which runs any number of steps
program_cache.py         Compiled programs kept in memory for the next run of the same network
recommending.py          Recommendations, and the map of the items, of a network that reads pairs
reconstructing.py        How close a network comes to its inputs, and some of them to draw
regions.py               Predictions over a grid: decision regions over two features, a curve over one
save_model.py            A trained network as a .keras file that contains only Keras's own layers
snapshot.py              Saves a run in progress and restores it exactly
starting.py              The weights that a run begins with where its config has a start
step_data.py             What a training step reads and changes: state, examples, and the place in an epoch
steps.py                 The arithmetic of training: any number of steps in one traceable function
stopping.py              Early stopping: ends a run and restores the best weights
summary.py               The layer table: each layer's output shape and parameter count, from Keras
taking_over.py           The state in which a run with a start begins: weights taken over, and new ones
test_monitor.py          Evaluates the test set during training, within a share of the run's time
traced_layers.py         Layers and penalties whose numbers can be arguments of the compiled program
trainer.py               `Trainer`: trains step by step, from new weights or a start's; `fit` adds all else
trying.py                Answers to inputs of the learner's own, during a run and after it
warm_up.py               Compiles the networks of the Home page before anyone asks for them
word_gradients.py        What each word of a sentence adds to the answers: integrated gradients
weight_paths.py          The names of a network's variables, for weights that leave it as arrays
"""

import os

# Keras reads its backend once, when it is first imported.
os.environ["KERAS_BACKEND"] = "jax"
