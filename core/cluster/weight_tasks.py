"""The task that evaluates weights which were not trained, such as those that a learner set by hand."""

import logging
from collections.abc import Sequence

import numpy as np

from core.cluster.messages import Answer
from core.cluster.payload import RunPayload
from core.cluster.queries import Refusal
from core.cluster.run_tasks import advice, post
from core.cluster.worker_imports import with_engine
from core.runs.evaluations import Evaluation

log = logging.getLogger(__name__)


@with_engine
def evaluate(request_id: str, payload: RunPayload, weights: Sequence[np.ndarray],
             features: tuple[int, int] = (0, 1), step: int = 0) -> None:
    """Answer `request_id` with an `Evaluation` of these weights on the test set, or a refusal in words."""
    from distributed import get_worker
    post(get_worker(), request_id, Answer(request_id, _evaluation(payload, weights, features, step)))


def _evaluation(payload: RunPayload, weights: Sequence[np.ndarray], features: tuple[int, int],
                step: int) -> Evaluation | Refusal:
    from core.training.evaluate_weights import NoNumbers, evaluate_weights
    try:
        return evaluate_weights(payload.decode(), weights, features, step)
    except NoNumbers as error:
        return Refusal(error.message)
    except Exception as error:
        log.exception("Weights could not be evaluated")
        return Refusal(advice(error))
