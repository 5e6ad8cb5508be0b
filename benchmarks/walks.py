"""Walks through lessons in a browser with only the keyboard, from the link to "passed".

`python -m benchmarks.walks [LESSON ...] [--size 390x844] [--shots FOLDER] [--dark]`: predicts, trains, reads
what happened, opens all hints, hands in the lesson's own passing example, writes a sentence and opens the
next lesson. Without names it takes all lessons, without a size both sizes. A walk fails if no key reaches
something that it needs.
"""

from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.app import app, chromium
from benchmarks.handing_in import hand_in
from benchmarks.keyboard import LONG, Keyboard, Unreachable, close
from benchmarks.report import Cell, Report, ReportTable, arguments
from benchmarks.subjects import fresh_environment
from core.lessons.lesson import HINTS, TRAINED, Lesson
from core.lessons.reading import lessons

LUCK = 3
SIZES = ((1280, 720), (390, 844))
OWN_WORDS = "I saw it happen."
LESSON, BELOW, CHECK = ".st-key-lesson", ".st-key-lesson_below", ".st-key-lesson_check button:enabled"
NEXT = ".st-key-lesson_next button"
REFUSED = "[data-testid=stIconMaterial]:text('error')"
SIDEBAR_OPENS = "[data-testid=stExpandSidebarButton]"

Look = Callable[[str], None]


def walk(page: Any, address: str, lesson: Lesson, look: Look = lambda stage: None) -> tuple[Keyboard, str]:
    """Open a lesson by its link and go through it. Returns the keys, and the verdict as the page says it.

    page: `playwright.sync_api.Page`. look: called at each stage with its name. Raises `Unreachable`.
    """
    page.goto(f"{address.rstrip('/')}/?lesson={lesson.name}")
    keys = Keyboard(page)
    keys.until(".st-key-loss_curve .js-plotly-plot", LONG)
    keys.until(f"{LESSON} h4")
    look("1 before")
    predict(keys, lesson)
    look("2 prediction")
    keys.press("t")
    keys.until(".st-key-status:not([data-status=ready])")
    look("3 during")
    keys.until(".st-key-lesson_onward button", LONG)
    read(keys)
    look("4 explained")
    keys.enter(".st-key-lesson_onward button")
    keys.until(CHECK)
    look("5 challenge")
    for number in range(HINTS):
        keys.enter(".st-key-lesson_hint button")
        keys.until(f"{BELOW} .stMarkdown >> nth={number}")
    look("6 hints")
    # An example that is trained again may fail by bad luck.
    times = LUCK if lesson.challenge.grade in TRAINED else 1
    said = hand_in(keys, lesson, lambda: check(keys, times), lambda: read(keys))
    keys.to(f"{BELOW} textarea")
    keys.type(OWN_WORDS)
    keys.press("Tab")
    look("7 passed")
    if lesson.number < len(lessons()) and keys.there(NEXT):
        keys.enter(NEXT)
        keys.when(lambda: keys.there(f"{LESSON} h4") and lesson.title not in keys.text(f"{LESSON} h4"),
                  "The next lesson is not seen.")
        look("8 next")
    return keys, said


def read(keys: Keyboard) -> None:
    """Open the lesson if it is closed: on a phone it lies over the stage."""
    if not keys.there(f"{LESSON} h4"):
        keys.enter(".lesson-line" if keys.there(".lesson-line") else SIDEBAR_OPENS)
        keys.when(lambda: keys.there(f"{LESSON} h4"), "The lesson does not open.")


def predict(keys: Keyboard, lesson: Lesson) -> None:
    """Give the right answer, if there is one, and say how sure the learner is."""
    PREDICTS[lesson.prediction.kind](keys, lesson)
    read(keys)
    keys.to(".st-key-lesson_prediction [class*=st-key-lesson_sure] input")
    keys.press("Space")
    keys.until(f"{LESSON} :text('Now press')")


def _choose(keys: Keyboard, lesson: Lesson) -> None:
    read(keys)
    place = next(number for number, option in enumerate(lesson.prediction.options) if option.right)
    keys.to(".st-key-lesson_prediction [class*=st-key-lesson_option] input")
    keys.press("Space", *["ArrowDown"] * place)


def _say(keys: Keyboard, lesson: Lesson) -> None:
    read(keys)
    keys.to(".st-key-lesson_prediction [class*=st-key-lesson_number] input")
    keys.type("95")
    keys.press("Enter")


def _sketch(keys: Keyboard, lesson: Lesson) -> None:
    """Draw two falling curves on the chart. On a phone, the lesson covers the chart and is closed first."""
    close(keys)
    for number in range(len(lesson.prediction.curves)):
        if number:
            keys.enter(f".sketch-choices button:nth-child({number + 1})")
        keys.to(".sketch:not([hidden])")
        keys.press(*["ArrowUp"] * 4, *["ArrowRight", "ArrowDown", "ArrowDown"] * (3 - number))


PREDICTS: dict[str, Callable[[Keyboard, Lesson], None]] = {
    "choice": _choose, "number": _say, "sketch": _sketch}


def check(keys: Keyboard, times: int = 1) -> str:
    """Ask to be graded, and wait for the verdict; if it is not passed, try again, `times` times in all."""
    said = ""
    for _ in range(times):
        read(keys)
        keys.enter(CHECK)
        keys.until(f"{BELOW} :is(:text('Passed.'), :text('Not yet.'), {REFUSED})", LONG)
        said = next(text for text in keys.page.locator(f"{BELOW} .stMarkdown").all_inner_texts()
                    if "lightbulb" not in text)
        if "Passed." in said:
            break
    return said


def row(browser: Any, address: str, lesson: Lesson, size: tuple[int, int],
        chosen: Namespace) -> tuple[Cell, ...]:
    """One walk as a new visitor."""
    context = browser.new_context(viewport=dict(zip(("width", "height"), size, strict=True)),
                                  color_scheme="dark" if chosen.dark else "light")
    name = f"{size[0]}x{size[1]}"
    page = context.new_page()

    def look(stage: str) -> None:
        if chosen.shots:
            page.wait_for_timeout(800)
            page.screenshot(path=chosen.shots / f"{lesson.number:02} {name} {stage}.png")

    try:
        keys, said = walk(page, address, lesson, look)
        return f"{lesson.number} {lesson.name}", name, keys.keys, said, "; ".join(keys.lost)
    except Unreachable as error:
        look("failed")
        return f"{lesson.number} {lesson.name}", name, "", str(error), ""
    finally:
        context.close()


def main() -> None:
    """Walk, and print a line for each walk."""
    parser = arguments("Lessons by keyboard alone.")
    parser.add_argument("--size", help="such as 390x844; both sizes without it")
    parser.add_argument("--shots", type=Path, metavar="FOLDER", help="keep a picture of each stage there")
    parser.add_argument("--dark", action="store_true", help="with the dark theme")
    parser.add_argument("--address", help="of an app that runs already")
    parser.add_argument("names", nargs="*", help="names of lessons; all of them if none")
    chosen = parser.parse_args()
    width, _, height = (chosen.size or "").partition("x")
    sizes = ((int(width), int(height)),) if chosen.size else SIZES
    if chosen.shots:
        chosen.shots.mkdir(parents=True, exist_ok=True)
    report, rows = Report("walks"), []
    with fresh_environment(), nullcontext((chosen.address, 0)) if chosen.address else app() as (address, _), \
            chromium() as browser:
        for lesson in lessons().values():
            for size in sizes if not chosen.names or lesson.name in chosen.names else ():
                rows.append(row(browser, address, lesson, size, chosen))
                print(*rows[-1], sep=" | ", flush=True)
    report.add(ReportTable("Lessons by keyboard", ("lesson", "size", "keys", "verdict", "focus lost before"),
                           tuple(rows)))
    report.keep(chosen.json)


if __name__ == "__main__":
    main()
