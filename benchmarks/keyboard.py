"""`Keyboard`: a learner without a pointer, who uses only keys and watches where the focus is."""

from collections.abc import Callable
from typing import Any

# More presses of Tab than this, and a learner has given up.
MOST_TABS = 120
# Milliseconds: for a run or a grading, for the effect of a press, and until a page that ran again is still.
LONG, SOON, SETTLE = 240_000, 60_000, 350

CLOSES, NARROW = "[data-testid=stSidebarCollapseButton] button", 641

# 0 if the focus is on the element or inside it; otherwise the direction in which Tab leads to it.
_WAY = """(selector) => {
  const wanted = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility?.() ?? true)
  const now = document.activeElement
  if (!wanted) return null
  if (wanted === now || wanted.contains(now)) return 0
  const after = now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING
  return now === document.body || after ? 1 : -1
}"""
_SEEN = """() => {
  const {left, top, right, bottom} = document.activeElement.getBoundingClientRect()
  return right > 0 && bottom > 0 && left < innerWidth && top < innerHeight
}"""
_BESIDE = """(selector) => [...document.querySelectorAll(selector)].some((one) => {
  const {left, right} = one.getBoundingClientRect()
  return one.checkVisibility() && right > 0 && left < innerWidth
})"""
_AT_TOP = "() => document.activeElement.matches('.run-skip')"


class Unreachable(Exception):
    """Something that a learner cannot reach or do with only a keyboard."""


class Keyboard:
    """The keys of one page (`playwright.sync_api.Page`).

    Attributes:
        keys: how many keys were pressed.
        lost: the elements for which Tab had to begin at the top of the page, as the focused one was gone.
    """

    def __init__(self, page: Any):
        self.page, self.keys, self.lost = page, 0, list[str]()

    def press(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.page.keyboard.press(name)
            self.keys += 1

    def type(self, text: str) -> None:
        """Replace the text of the field."""
        self.press("Control+a")
        self.page.keyboard.type(text)
        self.keys += len(text)

    def to(self, selector: str) -> None:
        """Go to an element by Tab, or by Shift and Tab. Raises `Unreachable`."""
        self.until(selector)
        for tabs in range(MOST_TABS):
            way = self.page.evaluate(_WAY, selector)
            if way == 0:
                # If nothing was pressed, text above may have pushed it out of sight; it still reacts.
                if tabs and not self.page.evaluate(_SEEN):
                    raise Unreachable(f"The focus is on {selector}, which is out of sight.")
                return
            self.press("Tab" if way != -1 else "Shift+Tab")
            if self.keys > 2 and tabs == 0 and self.page.evaluate(_AT_TOP):
                self.lost.append(selector)
        raise Unreachable(f"{MOST_TABS} presses of Tab do not lead to {selector}.")

    def enter(self, selector: str) -> None:
        """Go to a button and press it."""
        self.to(selector)
        self.press("Enter")
        self.page.wait_for_timeout(SETTLE)

    def until(self, selector: str, milliseconds: int = SOON) -> None:
        """Wait until an element is there. Raises `Unreachable`."""
        if not self.appears(selector, milliseconds):
            raise Unreachable(f"{selector} does not appear.")

    def appears(self, selector: str, milliseconds: int) -> bool:
        """Whether an element appears within that time."""
        from playwright.sync_api import TimeoutError as TooLate
        try:
            self.page.wait_for_selector(selector, timeout=milliseconds, state="attached")
        except TooLate:
            return False
        return True

    def still(self) -> None:
        """Wait until the page has answered."""
        self.page.wait_for_timeout(SETTLE)
        self.until("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_timeout(SETTLE)

    def when(self, happened: Callable[[], bool], else_: str) -> None:
        """Wait until something has happened. Raises `Unreachable`, with these words."""
        for _ in range(SOON // SETTLE):
            if happened():
                return
            self.page.wait_for_timeout(SETTLE)
        raise Unreachable(else_)

    def there(self, selector: str) -> bool:
        """Whether an element is there now, and not outside the screen as a closed sidebar is."""
        return bool(self.page.evaluate(_BESIDE, selector))

    def text(self, selector: str) -> str:
        """The text of an element; empty if there is none."""
        found = self.page.locator(selector)
        return found.first.inner_text() if found.count() else ""


def close(keys: Keyboard) -> None:
    """Close the sidebar if it lies over the stage."""
    if keys.there(CLOSES) and keys.page.viewport_size["width"] < NARROW:
        keys.enter(CLOSES)
