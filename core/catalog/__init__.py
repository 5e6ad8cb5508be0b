"""What a learner can choose besides datasets: one file per kind of thing, one entry per choice.

The form, the validation, the link, the search, the export and the help all read the same entry.

May import: datasets.

activations.py          Activation functions, with their formulas in NumPy for the small pictures
architecture_layers.py  Turns an architecture's parameters into rows of the layer editor
architectures.py        Ready-made networks: MLP, CNN, ResNet, transformer and so on
augmentation.py         Random changes to training images, and the Keras layers that make the same ones
baselines.py            Classical methods to compare a network with: scikit-learn's classes and their limits
help.py                 The text behind each "?" in the form
initializers.py         Weight initializers, under Keras's names
losses.py               Loss functions for each task, and class weights
optimizers.py           Optimizers: Keras's classes, and the range of each of their parameters
schedules.py            Learning-rate schedules as NumPy functions, and as Keras code for the export
stacks.py               Which numbers of a layer stack can change without compiling again
targets.py              What a network learns of a dataset: its label, or to give back the input
"""
