"""The Deep Learning Playground: `streamlit run app.py` serves its pages, and the stream beside them."""

import streamlit as st

from ui import runs, stream

app = st.App("navigation.py", lifespan=runs.lifespan,
             routes=stream.routes(st.get_option("server.baseUrlPath")))
