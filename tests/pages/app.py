"""The app as one learner sees it in AppTest: the parts that every page shares."""

import json
from typing import Any, Self

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from ui.form.permalink import ADDRESS


class App:
    """The app before its first run. parts: what its component was told so far, by name."""

    def __init__(self, script: str = "navigation.py"):
        self.at = AppTest.from_file(ROOT / script, default_timeout=60)
        self.parts: dict[str, Any] = {}

    def run(self) -> Self:
        """Run the script, as a click or a tick does: fragments do not tick by themselves here."""
        self.at.run()
        assert not self.at.exception, self.at.exception
        for component in self.at.get("bidi_component"):
            for name, part in json.loads(component.proto.json).get("parts", {}).items():
                self.parts[name] = part.get("content", self.parts.get(name))
        return self

    def visit(self, path: str) -> None:
        """Go to another page, which the next run draws: AppTest then runs its file alone."""
        self.at.switch_page(path)
        self.at.session_state[ADDRESS.away] = True  # as navigation.py has it

    def follow(self, **params: str) -> Self:
        """Open a link to the Playground from another page."""
        self.at.session_state[ADDRESS.away] = True
        self.at.query_params.clear()
        self.at.query_params.update(params)
        return self.run()

    def press(self, key: str) -> Self:
        self.at.button(key=key).click()
        return self.run()
