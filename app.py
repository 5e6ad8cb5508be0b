"""The Deep Learning Playground: `streamlit run app.py` serves its pages, and the stream beside them.

A host may run this file as an ordinary Streamlit script instead. Then it draws the page, and without the
stream pages look for news themselves.
"""

import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.parameters import FieldError
from ui.messages import refuse

is_script = get_script_run_ctx(suppress_warning=True) is not None

try:
    import navigation
    from ui.form import upload_limits
    from ui.live import stream
    from ui.session import runs
except FieldError as error:  # a wrong variable, whose message says all that its operator needs
    if not is_script:
        sys.exit(error.message)
    refuse(error.message)
    st.stop()

# The navigation says which pages there are. Without this, a server's first visitor to /home would get the
# files of the folder `pages` instead, until somebody has come by the main page.
PagesManager.uses_pages_directory = False

if is_script:
    navigation.draw()
else:
    app = st.App("navigation.py", lifespan=runs.lifespan, middleware=[Middleware(upload_limits.Limited)],
                 routes=stream.routes(st.get_option("server.baseUrlPath")))
