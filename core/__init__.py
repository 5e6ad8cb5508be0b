"""Everything that is not a screen: data, configs, training, metrics, charts as data, and the Dask cluster.

Nothing here imports streamlit, ui or pages. Folders import one way only, in the order that ARCHITECTURE.md
lists them (tests/test_imports.py checks it). The files below are at the bottom: every folder may import them.

errors.py       UserError: the base class of every refusal, whose message a person can act on
formatting.py   Numbers and amounts in words, and in JSON for charts: few digits, never NaN or infinity
parameters.py   Parameter declarations: ranges, choices and flags that check and format values
settings.py     The app's settings: every limit and every folder, each from one environment variable
"""
