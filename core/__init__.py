"""Everything that is not a screen: data, configs, training, metrics, charts as data, and the Dask cluster.

Nothing here imports streamlit, ui or pages. Folders import one way only, in the order that ARCHITECTURE.md
lists them (tests/test_imports.py checks it). The files below are at the bottom: every folder may import them.

errors.py       UserError: the base class of every refusal, whose message a person can act on
formatting.py   Numbers for charts: few digits, and never NaN or infinity, which JSON cannot hold
parameters.py   Parameter declarations: ranges, choices and flags that check and format values
preload.py      The old name of `core.cluster.worker_preload`, kept for one release
settings.py     The app's settings: every limit and every folder, each from one environment variable
"""
