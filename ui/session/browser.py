"""Identifies the browser by a secret key in its localStorage, so that F5 finds its runs again."""

import re
import secrets
from typing import Any

from streamlit.components.v2 import component

# The browser keeps its first key. If storage is switched off, the session's key is used.
_JS = """export default ({ data, setStateValue }) => {
  let kept = data.key
  try {
    kept = localStorage.getItem("playground-browser") || data.key
    if (!/^[0-9a-f]{32}$/.test(kept)) kept = data.key
    localStorage.setItem("playground-browser", kept)
  } catch (error) { /* storage is switched off */ }
  if (kept !== data.key) setStateValue("kept", kept)
}"""

_component = component("playground.browser", js=_JS)
_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """A new key of 128 random bits, which nobody can guess."""
    return secrets.token_hex(16)


def kept_key(key: str) -> str:
    """The key that this browser keeps, once it has reported it; until then `key`, which it may adopt."""
    result: Any = _component(key="browser", data={"key": key}, on_kept_change=lambda: None)
    kept = result.kept
    return kept if isinstance(kept, str) and _KEY.fullmatch(kept) else key
