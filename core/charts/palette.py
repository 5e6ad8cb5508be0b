"""The colours of classes and runs, distinct with every kind of colour blindness, in light and dark themes.

Taken from Paul Tol, "Colour Schemes", SRON technical note 09-002, 2021 (bright, vibrant, muted and
medium-contrast) and M. Okabe and K. Ito, "Color Universal Design", 2008. They were chosen so that the two
most similar ones are as far apart as possible, also when one kind of cone is missing, and so that each has a
contrast of at least 1.9 to white and 3 to the dark background #0e1117. The first ones differ most.
"""

CLASS_COLORS = ("#0077BB", "#E69F00", "#AA3377", "#56B4E9", "#EE6677",
                "#997700", "#BBBBBB", "#117733", "#CC79A7", "#009E73")
"""One for each class, by its index."""

RESULT_COLORS = ("#E69F00", "#D9A13A", "#C7A362", "#AFA487", "#8F9FA0", "#6B93A8", "#4283AE", "#0072B2")
"""From the worst result to the best: Okabe and Ito's orange and blue, by way of grey."""

RUN_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#AA3377", "#117733")
"""One for each of the eight runs that a page keeps, by its slot."""
