"""Lanes in the last axis: the same as `jax.vmap` has it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from core.training.studies.trailing import TERMS, trailing

LANES = 5
RANDOM = np.random.default_rng(0)


def drawn(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def network(weights, x, y):
    """A loss as a small network has it."""
    hidden = jax.nn.relu(x @ weights[0] + weights[1])
    return -(jax.nn.log_softmax(hidden @ weights[2]) * jax.nn.one_hot(y, 3)).sum(-1).mean()


WEIGHTS = (drawn(4, 10, LANES), drawn(10, LANES), drawn(10, 3, LANES))
CLASSES = RANDOM.integers(0, 3, 7)
PLACES = RANDOM.integers(0, 7, (4, LANES))

# A function, its arguments, and which of them have lanes.
CASES = {
    "gradient": (jax.grad(network), (WEIGHTS, drawn(7, 4), CLASSES), (True, False, False)),
    "gradient of each one's examples": (jax.grad(network), (WEIGHTS, drawn(7, 4, LANES), CLASSES),
                                        (True, True, False)),
    "long product": (lambda x, w: x @ w, (drawn(3, 4 * TERMS + 3, LANES), drawn(4 * TERMS + 3, 2)),
                     (True, False)),
    "product of vectors": (lambda x, w: x @ w, (drawn(6, LANES), drawn(6, LANES)), (True, True)),
    "matrix and vector": (lambda x, w: w @ x, (drawn(6, LANES), drawn(2, 6)), (True, False)),
    "product of batches": (lambda x, w: jnp.einsum("nik,njk->nij", x, w),
                           (drawn(3, 2, 4, LANES), drawn(3, 5, 4, LANES)), (True, True)),
    "own rows of a shared table": (lambda x, i: jnp.asarray(x)[i], (drawn(7, 4), PLACES), (False, True)),
    "own rows of an own table": (lambda x, i: x[i], (drawn(7, 4, LANES), PLACES), (True, True)),
    "the same rows of an own table": (lambda x, i: x[i], (drawn(7, 4, LANES), np.array([2, 0])),
                                      (True, False)),
    "own numbers of own classes": (lambda x, i: x[i], (drawn(7, LANES), PLACES), (True, True)),
    "own part": (lambda x, i: lax.dynamic_slice_in_dim(x, i, 2), (drawn(7, 4, LANES), PLACES[0]),
                 (True, True)),
    "same part": (lambda x, i: lax.dynamic_slice_in_dim(x, i, 2), (drawn(7, 4, LANES), 3), (True, False)),
    "each by its own number": (lambda x, s: jnp.where(x > s, x * s, jnp.clip(x, -s, s)),
                               (drawn(7, 4, LANES), np.abs(drawn(LANES))), (True, True)),
    "shapes": (lambda x: jnp.pad(jnp.concatenate([x.T.reshape(2, 14), x[1:4:2, :2].reshape(2, 2)], 1),
                                 ((0, 1), (2, 0)))[::-1], (drawn(7, 4, LANES),), (True,)),
    "sums": (lambda x: (x.sum(), x.max(0), x.argmax(-1), x.mean(1, keepdims=True), jnp.cumsum(x, 0)),
             (drawn(7, 4, LANES),), (True,)),
    "loop": (lambda x, w: lax.fori_loop(0, 3, lambda _, x: jnp.tanh(x @ w), x),
             (drawn(2, 4, LANES), drawn(4, 4, LANES)), (True, True)),
    "nothing of a lane": (lambda x, w: (w * 2, x), (drawn(2, LANES), drawn(4)), (True, False)),
    "random numbers": (lambda key: jax.random.uniform(jax.random.wrap_key_data(key), (3, 2)),
                       (RANDOM.integers(2**32, size=(2, LANES), dtype=np.uint32),), (True,)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_what_vmap_finds(name: str):
    function, arguments, flags = CASES[name]
    found = jax.jit(trailing(function, flags, LANES))(*arguments)
    expected = jax.vmap(function, [-1 if flag else None for flag in flags], -1)(*arguments)
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_products_of_a_network_are_elementwise_loops():
    function, arguments, flags = CASES["gradient of each one's examples"]
    assert "dot_general" in str(jax.make_jaxpr(jax.vmap(function, [-1, -1, None], -1))(*arguments))
    assert "dot_general" not in str(jax.make_jaxpr(trailing(function, flags, LANES))(*arguments))
