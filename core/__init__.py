"""Everything that is not a screen. Never imports streamlit, ui or pages.

Folders import one way only, in the order of ARCHITECTURE.md; a test checks it.

disk_limits.py  Bounds on the files that workers keep: what was used longest ago goes first
formatting.py   Numbers as charts carry them: short, and never one that JSON cannot hold
parameters.py   Declarations of parameters: one of them validates, draws the widget and feeds a sweep
preload.py      The old name of `core.cluster.worker_preload`, for `dask worker --preload` commands that…
settings.py     The app's settings: every limit and every place, each read from one environment variable
"""
