"""What a page says, its address included."""

from core.runs.config import RunConfig
from ui.form.permalink import from_params


def address(page) -> RunConfig:
    """The configuration that the address bar says."""
    link = from_params(page.at.query_params)
    assert link.refused is None
    return link.config


def said(page) -> str:
    """All that the page says beside the live panel."""
    elements = (*page.at.caption, *page.at.markdown, *page.at.warning, *page.at.error)
    return " ".join(str(element.value) for element in elements)


def unescaped(page) -> str:
    """The same as a reader sees it."""
    return said(page).replace("\\", "")


def keys(page) -> set[str]:
    """Keys of the drawn widgets that choose something."""
    at = page.at
    return {element.key
            for element in (*at.selectbox, *at.number_input, *at.slider, *at.select_slider) if element.key}
