"""The sections of the Evaluate page, and what they share.

May import: live, form, session.

baselines.py         Classical methods beside the network: fitted one after the other when the learner…
calibration.py       Whether the network is as sure as it may be
cross_validation.py  K-fold cross-validation: every example validates once, and the results tell how sure…
curves.py            ROC and precision-recall curves of each class against the rest
examples.py          Single test examples with what the network says of them: images as a gallery, all…
matrix.py            The confusion matrix: a click on a cell, or two boxes, bring its examples
mistakes.py          The mistakes that the network is most confident of, and the numbers that are…
numbers.py           Predicted numbers: errors in words, predicted against true, residuals
pending.py           Words in the place of what a worker still computes, until it is here
repeated.py          What sections share that train one configuration many times: start, stop, and a board
run_picker.py        Which run is evaluated: the shown one, or another of this browser's
sections.py          The sections of the Evaluate page: a table with a line each. Only the chosen one is…
seeds.py             Seeds: the same configuration many times, and how much of a difference is luck
test_set.py          What the whole test set says of the network, in views of which one is drawn
threshold.py         Two classes: what changes when the threshold moves at which the network's "yes"…
"""
