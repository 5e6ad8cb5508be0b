"""The text behind the "?" at each field: what it is, its formula, and what is too low or too high.

Markdown, with formulas between dollar signs. The parameters of an entry (say, Adam's `beta_1`) carry their
own text, next to the entry.
"""

HELP: dict[str, str] = {
    "dataset": "What the network learns from. A small table trains in a moment. Images take longer, and "
               "work best with a convolutional network, which looks at neighbouring pixels together.",
    "target": "What the network learns to say of an example. The label: its class or its number. The input: "
              "the example itself, squeezed through a layer too narrow to copy it. A hidden word: one that "
              "was taken out of a sentence. Neither of these needs labels.",
    "normal": "The classes that count as normal. The network learns from these alone, and the test set has "
              "all classes: what it reconstructs badly is probably an anomaly. None chosen: all are normal, "
              "and nothing is to be detected.",
    "input_noise": "Standard deviation of the noise added to the inputs at each training step; the network "
                   "has to give back the input without it. In the units that it sees: for images, 1 is the "
                   "step from black to white. 0: none. Too high: nothing is left to recognize.",
    "masking": "Share of the input that is set to 0 at each training step, in patches of an image, stretches "
               "of a series or single columns of a table; the network has to fill them in. Of sentences, "
               "the share of words that are hidden, but always at least one. 0: none, or that one word. "
               "Too high: too little is left to go by.",
    "architecture": "How the network is built: which layers, in which order. Too small: it underfits and "
                    "the training loss stays high. Too large for the data: it overfits and memorizes "
                    "examples.",
    "activation": "What each hidden unit does with its weighted sum: $a = f(Wx + b)$. Without an "
                  "activation, many layers can do no more than one.",
    "initializer": "How the first weights are chosen at random. Their spread should match the size of the "
                   r"layer: for $n_{in}$ inputs and $n_{out}$ units, Glorot uses "
                   r"$\sqrt{2/(n_{in} + n_{out})}$, and He uses $\sqrt{2/n_{in}}$, made for relu. Too small: "
                   "signals and gradients fade from layer to layer. Too large: they explode. All zeros: "
                   "with relu, no signal gets through.",
    "l1": r"Adds $\lambda_1 \sum |w|$ to the loss, where $w$ are the weights of the hidden layers. This "
          "pushes many of them close to zero. 0: no penalty. Too high: nearly all weights end up near zero, "
          "and the network underfits.",
    "l2": r"Adds $\lambda_2 \sum w^2$ to the loss, which keeps the weights of the hidden layers small and "
          "the curve smooth. 0: no penalty. Too high: the network underfits.",
    "dropout_rate": "Share of hidden outputs set to zero at each training step, so that the network cannot "
                    "rely on any single unit. The other outputs are scaled up to compensate. Too low: the "
                    "network still overfits. Too high: too little is left to learn with.",
    "batch_normalization": "Brings each unit's outputs to mean 0 and standard deviation 1 within the batch, "
                           r"$(a - \mu)/\sigma$, then scales and shifts them by two learned numbers. Here "
                           "it comes after the activation; in the paper (Ioffe and Szegedy, 2015) it comes "
                           "before. Deep networks learn faster with it and tolerate higher learning rates. "
                           "With very small batches, the mean and standard deviation are mostly chance.",
    "optimizer": r"How the gradient becomes a step. The simplest is SGD: $w \leftarrow w - \eta\, g$, so a "
                 "step is the learning rate times the gradient. Others remember past gradients, or adapt "
                 "the step to each weight.",
    "loss": "The number that training makes smaller: how wrong the network is, averaged over the examples, "
            "plus the L1 and L2 penalties. Different losses are on different scales, so compare runs with "
            "different losses by their accuracy or error.",
    "class_weights": "How much the examples of each class count in the loss. balanced: the rarer the class, "
                     "the more each of its examples counts, so that rare classes are not ignored. With $n$ "
                     r"examples, $k$ classes, and $n_c$ examples in a class, each of these counts "
                     r"$n / (k\, n_c)$. none: every example counts the same, and when in doubt the network "
                     "chooses the largest class.",
    "learning_rate": r"The size of each step, $\eta$ in $w \leftarrow w - \eta\, g$. Too low: learns slowly "
                     "or gets stuck. Too high: the loss jumps around or diverges. You can change it while "
                     "the network is training.",
    "schedule": "How the learning rate changes during the run: large steps to get close, small steps to "
                "settle down. If it falls too soon, learning stops too early. If it falls too late, the "
                "loss jumps around to the end.",
    "clip_norm": r"If the norm $\lVert g \rVert$ of all gradients together is larger than this value $c$, "
                 r"they are scaled down to it: $g \cdot c / \lVert g \rVert$. This tames rare, huge steps, "
                 "such as those of recurrent networks. 0: off. Too low: every step is cut, and learning is "
                 "slow. Too high: it never has an effect.",
    "batch_size": "How many examples the network sees before each step. 1: stochastic gradient descent; "
                  "more: mini-batch; all of them: full-batch. Small: many noisy steps, so an epoch takes "
                  "longer. Large: few smooth steps, so you need more epochs.",
    "epochs": "How many times the network goes through all training examples. Too few: training stops while "
              "the loss is still falling. Too many: takes a long time, and the network may memorize the "
              "examples.",
    "patience": "Early stopping: the run ends after this many epochs without a better validation loss, and "
                "goes back to the weights of the best epoch. 0: off. Too low: stops at the first bump. Too "
                "high: wastes time, though it still goes back to the best epoch.",
    "augmentation": "Random changes to each training image, different in every epoch, so that the network "
                    "cannot memorize the images. Too little: no effect. Too much: the images no longer look "
                    "like those it will be tested on, and the network underfits.",
    "seed": "Decides everything random in a run: the split, the initial weights, the order of the examples, "
            "dropout. (The examples themselves depend on the data seed.) The same seed gives the same "
            "curve. Try a few seeds to see how much is luck.",
    "validation_share": "Share of the training examples set aside to check progress during training. The "
                        "test set is separate. Too low: the validation curve is mostly chance. Too high: "
                        "little is left to learn from.",
    "training_size": "How many examples to learn from, including those for validation. 0: all of them. Too "
                     "few: even a small network memorizes them and does much worse on the test set.",
    "label_noise": "Share of the training labels that are replaced by another class at random. The labels "
                   "of the validation and test sets stay correct. A large enough network memorizes even the "
                   "wrong labels: its training loss falls while the validation loss rises. With two "
                   "classes, 0.5 makes the labels random, and 1 swaps them.",
    "imbalance": "Makes the last class rare: this share of its training examples is left out. The first "
                 "class keeps all of its examples, and the classes in between lose fewer. The validation set "
                 "becomes just as unbalanced; the test set does not change. 0: nothing is left out. High: a "
                 "network that never predicts the rare class still has a high validation accuracy, but the "
                 "test set shows what it misses.",
    "scaling": r"standard: every number becomes $(x - \mu)/\sigma$, with the mean and standard deviation of "
               "the training examples, so that all inputs count equally. Numbers to predict are scaled too, "
               "and pixels go from 0 to 1. none: nothing is scaled, not even the targets. Then inputs with "
               "large numbers dominate, one learning rate is too high for some weights and too low for "
               "others, and large targets give a huge loss.",
}
