"""Runs side by side: which settings differ, their curves, and whether a difference could be chance.

May import: metrics, store, runs, catalog, datasets.

columns.py  The configs of runs as table columns, and which columns differ
further_noise.py  Whether differences in RMSE, hit rate, NDCG and ROC area could be chance
lines.py    Curves of runs over steps, epochs or seconds, smoothed
noise.py    Whether the difference between two runs on the test set could be chance
"""
