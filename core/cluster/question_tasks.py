"""The tasks that answer questions in a worker: layer tables, decision regions, saved models and so on."""

import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from core.cluster.messages import Answer, Underway
from core.cluster.payload import AgentPayload, RunPayload
from core.cluster.queries import Refusal
from core.cluster.run_tasks import RUNNING, advice, post
from core.cluster.worker_imports import with_engine
from core.errors import UserError
from core.runs.controls import ControlsMailbox
from core.runs.tried import Tried
from core.settings import Settings

log = logging.getLogger(__name__)

# A repeated question gets a new name, so each has only one attempt.
ANSWER_ATTEMPT = 1
# Least time between two reports on the progress of a question.
PROGRESS_SECONDS = 0.2


@with_engine
def summarize(request_id: str, payload: RunPayload) -> None:
    """Answer `request_id` with the layer table of a network."""
    from core.training.summary import summarize as layer_rows
    _answer(request_id, lambda: list(layer_rows(payload.decode())))


@with_engine
def regions(request_id: str, payload: RunPayload, weights: tuple[np.ndarray, ...],
            features: tuple[int, int]) -> None:
    """Answer `request_id` with the regions of a trained network over two columns of its table."""
    from core.training.regions import regions as decision_regions
    _answer(request_id, lambda: decision_regions(payload.decode(), weights, features))


@with_engine
def maps(request_id: str, payload: RunPayload, weights: tuple[np.ndarray, ...], example: int) -> None:
    """Answer with what the layers of a trained network give for a test example."""
    from core.training.example_maps import example_maps
    _answer(request_id, lambda: example_maps(payload.decode(), weights, example))


@with_engine
def compile_ahead(_: str, payload: RunPayload | AgentPayload, settings: Settings) -> None:
    """Compile what a run of the payload's config would need. Nobody waits for an answer."""
    from core.training.warm_up import compile_ahead as compiled
    try:
        compiled(payload.decode(), settings)
    except UserError as error:  # too large, say: Train will say so
        log.info("A choice was not compiled ahead: %s", error.message)


@with_engine
def tried(request_id: str, payload: RunPayload, weights: tuple[np.ndarray, ...], asked: Tried) -> None:
    """Answer with what a trained network says of an input of the learner's own."""
    from core.training.trying import answer_ended
    _answer(request_id, lambda: answer_ended(payload.decode(), weights, asked))


@with_engine
def find_rate(request_id: str, payload: RunPayload, settings: Settings) -> None:
    """Answer `request_id` with a good learning rate, or a refusal in words."""
    from core.training.lr_sweep import sweep as sweep_rates
    with _telling(request_id) as tell:
        _answer(request_id, _or_refusal(lambda: sweep_rates(payload.decode(), settings, tell)))


@with_engine
def augment(request_id: str, payload: RunPayload, draw: int) -> None:
    """Answer `request_id` with an augmented image of each class, or a refusal in words."""
    from core.training.augmentation_preview import preview
    _answer(request_id, _or_refusal(lambda: preview(payload.decode(), draw)))


@with_engine
def save_model(request_id: str, payload: RunPayload, weights: tuple[np.ndarray, ...]) -> None:
    """Answer `request_id` with a trained network as the bytes of a .keras file, or a refusal in words."""
    from core.training.save_model import saved_model
    _answer(request_id, _or_refusal(lambda: saved_model(payload.decode(), weights)))


@with_engine
def answer_test_set(request_id: str, payload: RunPayload, weights: tuple[np.ndarray, ...]) -> None:
    """Answer `request_id` with a trained network's answers to its whole test set, or a refusal in words."""
    from core.training.predict_test_set import network_answers
    _answer(request_id, _or_refusal(lambda: network_answers(payload.decode(), weights)))


@with_engine
def fit_baseline(request_id: str, payload: RunPayload, name: str) -> None:
    """Answer `request_id` with a classical method's results on the test set, or a refusal in words."""
    from core.metrics.baselines import fit_baseline as fitted
    _answer(request_id, _or_refusal(lambda: fitted(payload.decode(), name)))


@with_engine
def evaluate_weights(request_id: str, payload: RunPayload, weights: Sequence[np.ndarray],
                     features: tuple[int, int] = (0, 1), step: int = 0) -> None:
    """Answer `request_id` with an `Evaluation` of these weights on the test set, or a refusal in words."""
    from core.training.evaluate_weights import evaluate_weights as evaluated
    _answer(request_id, _or_refusal(lambda: evaluated(payload.decode(), weights, features, step)))


def _answer(request_id: str, value: Callable[[], Any]) -> None:
    from distributed import get_worker
    post(get_worker(), request_id, Answer(request_id, value()))


class _Cancelled(BaseException):
    """Nobody waits for the answer any more. Not an `Exception`, so that it is not mistaken for an answer."""


@contextmanager
def _telling(request_id: str) -> Iterator[Callable[[Any], None]]:
    """Yields a function that reports progress, and leaves the block once nobody waits any more."""
    from distributed import get_worker
    worker, mailbox, told = get_worker(), ControlsMailbox(), -math.inf

    def tell(progress: Any) -> None:
        nonlocal told
        if mailbox.controls.stopped:
            raise _Cancelled
        if time.monotonic() - told > PROGRESS_SECONDS:
            told = time.monotonic()
            post(worker, request_id, Underway(request_id, progress))

    RUNNING.watch(worker)
    with suppress(_Cancelled), RUNNING.holding((request_id, ANSWER_ATTEMPT), mailbox):
        yield tell


def _or_refusal(value: Callable[[], Any]) -> Callable[[], Any]:
    def call() -> Any:
        try:
            return value()
        except UserError as error:
            return Refusal(error.message)
        except Exception as error:
            log.exception("A question could not be answered")
            return Refusal(advice(error))
    return call
