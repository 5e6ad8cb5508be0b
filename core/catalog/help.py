"""The text behind the "?" at each field: what it is, its formula, and what is too low or too high.

Markdown, with formulas between dollar signs. The parameters of an entry (say, Adam's `beta_1`) carry their
own text, next to the entry.
"""

HELP: dict[str, str] = {
    "dataset": "What the network learns from. A small table trains in a moment; images take longer, and are "
               "learned best by a network that looks at neighbouring pixels together.",
    "architecture": "How the network is built: which layers, in which order. Too small: it underfits, the "
                    "training loss stays high. Too large for the data: it overfits, and learns examples by "
                    "heart.",
    "activation": "What each hidden unit does with its weighted sum: $a = f(Wx + b)$. Without one, any "
                  "number of layers is no more than a single one.",
    "initializer": "How the first weights are drawn. Their spread should fit the size of the layer: "
                   r"$\sqrt{2/(n_{in} + n_{out})}$ by Glorot, for $n_{in}$ inputs and $n_{out}$ units, and "
                   r"$\sqrt{2/n_{in}}$ by He, for relu. Too small: signals and gradients fade from layer to "
                   "layer. Too large: they explode. All zeros: with relu no signal gets through.",
    "l1": r"Adds $\lambda_1 \sum |w|$ to the loss, $w$ being the weights of the hidden layers; many of "
          "them end up close to zero. 0: none. Too high: nearly all of them do, and the network underfits.",
    "l2": r"Adds $\lambda_2 \sum w^2$ to the loss, which keeps the weights of the hidden layers small and "
          r"the curve smooth. 0: none. Too high: the network underfits.",
    "dropout_rate": "Share of hidden outputs set to zero at each step of training, so that no unit is relied "
                    "on; the others are scaled up to make up for it. Too low: no help against overfitting. "
                    "Too high: too little is left to learn with.",
    "batch_normalization": r"Brings each unit's outputs to mean 0 and standard deviation 1 within the "
                           r"batch, $(a - \mu)/\sigma$, then scales and shifts them by two learned numbers. "
                           "It stands behind the activation here; in the paper (Ioffe and Szegedy, 2015) it "
                           "stands in front of it. Deep networks learn faster and tolerate higher learning "
                           "rates. With very small batches, mean and standard deviation are mostly chance.",
    "optimizer": r"How a slope becomes a step. The plainest, SGD: $w \leftarrow w - \eta\, g$, the learning "
                 "rate times the gradient. Others remember past gradients, or fit the step to each weight.",
    "loss": "The number that training makes smaller: how wrong the network is, averaged over the examples, "
            "plus the penalties L1 and L2. Another loss has other numbers, so compare such runs by their "
            "accuracy or error.",
    "class_weights": r"How much the examples of each class count in the loss. balanced: $n / (k\, n_c)$ for "
                     "the $n_c$ of $n$ examples in one of $k$ classes, so that rare classes are not passed "
                     "over. none: every example counts alike, and the largest class wins in doubt.",
    "learning_rate": r"The size of each step, $\eta$ in $w \leftarrow w - \eta\, g$. Too low: learns slowly, "
                     "or gets stuck. Too high: the loss jumps about, or diverges. It can be changed while "
                     "the network learns.",
    "schedule": "How the learning rate changes during the run: large steps to get near, small ones to settle "
                "down. Falling too soon: learning stops before it is done. Too late: it jumps about to the "
                "end.",
    "clip_norm": r"Where the norm $\lVert g \rVert$ of all gradients together is larger than this, they are "
                 r"scaled down to it: $g \cdot c / \lVert g \rVert$. Tames rare, huge steps, as of recurrent "
                 "networks. 0: off. Too low: every step is cut, and learning is slow. Too high: it never "
                 "acts.",
    "batch_size": "Examples looked at before each step. 1: stochastic gradient descent; more: mini-batch; as "
                  "many as there are: full-batch. Small: noisy steps and many of them, so an epoch "
                  "takes longer. Large: smooth steps, few of them, so more epochs are needed.",
    "epochs": "How often all training examples are gone through. Too few: not done learning, the loss is "
              "still falling. Too many: takes long, and learns by heart where nothing keeps it from it.",
    "patience": "Early stopping: the run ends after so many epochs without a better validation loss, and "
                "takes the best epoch's weights. 0: off. Too low: stops at the first bump. Too high: trains "
                "on for nothing, though it still goes back to the best.",
    "augmentation": "Random changes to each training image, new in every epoch, so that the network cannot "
                    "learn the images by heart. Too little: no effect. Too much: it learns from images "
                    "unlike any it will meet, and underfits.",
    "seed": "Decides everything that a run draws: the split, the first weights, the order of examples, "
            "dropout. (The data seed draws the examples themselves.) The same seed gives the same curve; try "
            "a few to see what is luck.",
    "validation_share": "Share of the training examples kept aside to watch the learning; the test set is "
                        "apart from it. Too low: its curve is mostly chance. Too high: little is left to "
                        "learn from.",
    "training_size": "Examples to learn from, validation included; 0: all there are. Too few: even a small "
                     "network learns them by heart, and the test set is much worse.",
    "label_noise": "Share of the training labels that are replaced by another class, at random; those of the "
                   "validation and test sets stay true. A network large enough learns even these by heart: "
                   "its training loss falls while the validation loss rises.",
    "imbalance": "Share of the last class's training examples that are left out, and fewer of those between; "
                 "the validation set is taken from what remains, and the test set keeps its own balance. "
                 "0: as the dataset is. High: a network that never names the rare class still has a high "
                 "validation accuracy; the test set shows what it misses.",
    "scaling": r"standard: every number becomes $(x - \mu)/\sigma$, with the mean and standard deviation of "
               "the training examples, so that all inputs count alike; numbers to predict are scaled too, "
               "and pixels go from 0 to 1. none: everything stays as it is, the targets included. Then "
               "inputs with large numbers rule the sums, one learning rate is too high for some weights and "
               "too low for others, and large targets give a huge loss.",
}
