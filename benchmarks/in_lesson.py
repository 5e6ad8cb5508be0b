"""What a learner in a class does in a lesson besides training: predict before it, and hand in after it."""

import asyncio
import time

from benchmarks.visitor import Visitor

# Lessons with a choice as prediction and a challenge graded by training; learners take them in turn.
LESSONS = ("steps", "activations", "width_and_luck", "depth", "k_folds")
READY_SECONDS = 120.0
# Between two clicks of one learner.
CLICK_SECONDS = 1.0


async def predict(visitor: Visitor, lesson: str) -> None:
    """Choose the first option, and say how sure; no run can begin before."""
    option, sure = f"lesson_option_{lesson}", f"lesson_sure_{lesson}"
    await visitor.until(lambda shown: {option, sure} <= shown.radios.keys(), READY_SECONDS)
    await visitor.choose(option, 0)
    await asyncio.sleep(CLICK_SECONDS)
    await visitor.choose(sure, 0)
    await visitor.until(lambda shown: shown.content("lesson").get("next") == "press Train", READY_SECONDS)
    # A press waits for a browser that still draws; nobody presses that soon.
    await asyncio.sleep(CLICK_SECONDS)


async def hand_in(visitor: Visitor, longest: float) -> float:
    """Have the challenge graded as it opens. Returns the seconds until the verdict."""
    await visitor.until(lambda shown: bool(shown.buttons.get("lesson_onward")), READY_SECONDS)
    await visitor.press("lesson_onward")
    await visitor.until(lambda shown: bool(shown.buttons.get("lesson_check")), READY_SECONDS)
    began = time.monotonic()
    await visitor.press("lesson_check")
    # While the server trains, it cannot be pressed again.
    await visitor.until(lambda shown: not shown.buttons["lesson_check"], READY_SECONDS)
    await visitor.until(lambda shown: bool(shown.buttons["lesson_check"]), longest)
    return time.monotonic() - began
