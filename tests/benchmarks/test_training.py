"""The contest of training: the floor's products, and peers that train the same network as we do."""

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"

import jax
import numpy as np
import pytest

from benchmarks.floor import Floor, Product, fastest, products
from benchmarks.networks import CONTESTANTS, PEERS, Contestant
from benchmarks.peers.client import Peer, PeerFailed
from benchmarks.peers.task import Task

CNN = CONTESTANTS["cnn-32"].config


def needed(one: Contestant) -> list[Product]:
    config = one.config
    return products(config.layers(), config.data.shape, config.output_units, config.batch_size)


def a_task(one: Contestant, folder: Path, examples: int = 40) -> Task:
    """The network of `one` on noise with the right shape."""
    random, config = np.random.default_rng(0), one.config
    path, kind = folder / "data.npz", np.int32 if config.data.is_text or one.target == "numbers" else np.uint8
    y = random.integers(0, config.data.units, examples).astype(np.int32) if one.target == "classes" else \
        random.normal(0, 1, (examples, 1)).astype(np.float32)
    np.savez(path, x=random.integers(0, 256, (examples, *config.data.shape), dtype=kind), y=y, scale=1 / 255)
    return Task(config.layers(), config.output_units, config.batch_size, config.learning_rate, str(path),
                one.target)


def test_the_products_of_the_tutorial_cnn_by_hand():
    """28x28 -> 26x26x32 -> 13x13 -> 11x11x64 -> 5x5x64 = 1600 -> 64 -> 10, 32 images."""
    first, second = 32 * 26 * 26, 32 * 11 * 11
    assert needed(CONTESTANTS["cnn-32"]) == [
        Product(first, 9, 32), Product(9, first, 32, "left"),
        Product(second, 288, 64), Product(288, second, 64, "left"), Product(second, 64, 288, "right"),
        Product(32, 1600, 64), Product(1600, 32, 64, "left"), Product(32, 64, 1600, "right"),
        Product(32, 64, 10), Product(64, 32, 10, "left"), Product(32, 10, 64, "right")]


def test_the_products_of_an_lstm_by_hand():
    """28 time steps of 28 numbers, 4 gates of 64 units, then 10 classes; 32 images."""
    assert needed(CONTESTANTS["lstm"]) == [
        Product(32 * 28, 28, 256), Product(28, 32 * 28, 256, "left"),
        Product(32, 64, 256, times=28), Product(32, 256, 64, "right", times=28),
        Product(64, 32 * 28, 256, "left"),
        Product(32, 64, 10), Product(64, 32, 10, "left"), Product(32, 10, 64, "right")]


def test_the_products_of_a_transformer_and_an_autoencoder_by_hand():
    """40 words of 32 numbers, 2 heads of 16; and 28x28x1 -> 16 -> 14x14 -> 16 -> 7x7 -> 2, and back."""
    found = needed(CONTESTANTS["transformer-sentences"])
    rows = 32 * 40
    dense = 3 * 2 * rows * (4 * 32 * 32 + 2 * 32 * 64) + 3 * 2 * 32 * 32 * 2
    assert sum(one.operations for one in found) == dense + 3 * 2 * 2 * rows * 32 * 40
    found, pixels = needed(CONTESTANTS["autoencoder-mnist"]), 32 * 7 * 7
    # The first convolution needs no gradient of its inputs.
    down = 2 * 16 * pixels * 9 * 16 * 2 + 3 * 4 * pixels * 144 * 16 * 2 + 3 * pixels * 144 * 2 * 2
    up = 3 * pixels * 2 * 144 * 2 + 3 * 4 * pixels * 16 * 144 * 2 + 3 * 16 * pixels * 16 * 2
    assert sum(one.operations for one in found) == down + up


def test_same_padding_keeps_the_image():
    layers = CNN.replaced(architecture_parameters={
        **CNN.architecture_parameters, "filters": (4,), "padding": "same"}).layers()
    found = products(layers, (28, 28, 1), 10, 2)
    assert found[0] == Product(2 * 28 * 28, 9, 4) and found[2] == Product(2, 14 * 14 * 4, 64)


def test_what_has_no_known_products_is_refused():
    with pytest.raises(KeyError):
        products([{"class_name": "Conv3D", "config": {}}], (4,), 2, 8)


@pytest.mark.parametrize("way", Product(5, 3, 7).ways())
def test_every_way_is_the_same_arithmetic(way: Product):
    assert way.operations == Product(5, 3, 7).operations == 2 * 5 * 3 * 7
    left, right = way.shapes()
    left, right = left[::-1] if way.transposed == "left" else left, \
        right[::-1] if way.transposed == "right" else right
    product = np.zeros(left) @ np.zeros(right)
    assert sorted(product.shape) == [5, 7]


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="other backends name their products otherwise")
@pytest.mark.parametrize("name", ["cnn-32", "mlp-iris", "simplernn", "gru"])
def test_the_compiled_loop_makes_every_product(name: str):
    """None was taken out of the loop, cut to what is used of it, or merged with another."""
    floor = Floor(needed(CONTESTANTS[name]))
    text = floor.compiled.as_text()
    made = re.findall(r"= f32\[(\d+),(\d+)\]\S* dot\(", text or "")
    wanted = [(str(product.rows),
               str(product.columns)) for product in floor.products for _ in range(product.times)]
    assert sorted(made) == sorted(wanted)


def test_the_loop_computes_a_product_right():
    """One product by NumPy: its right matrix begins with what the step before left there."""
    floor = Floor([Product(6, 5, 4)])
    lefts, rights, _ = floor._arguments
    left, right = np.array(lefts[6, 5]), np.array(rights[5, 4])
    (_, (made,)) = floor.compiled(np.int32(2), *floor._arguments)
    right[0, 0] = 0.0
    right[0, 0] = (left @ right)[0, 0]
    np.testing.assert_allclose(made, left @ right, rtol=1e-5)


def test_the_fastest_ways_are_ways_of_the_same_products():
    wanted = needed(CONTESTANTS["mlp-iris"])
    floor = fastest(wanted)
    assert all(made in one.ways() for made, one in zip(floor.products, wanted, strict=True))
    assert floor.seconds(0.01) > 0


@pytest.mark.parametrize("name", CONTESTANTS)
def test_keras_as_its_user_writes_it_has_as_many_parameters_as_ours(name: str, tmp_path: Path):
    from benchmarks.peers.keras_loop import KerasLoop
    from core.training.model import build_model
    one = CONTESTANTS[name]
    assert KerasLoop(a_task(one, tmp_path)).parameters == build_model(one.config).count_params()


@pytest.mark.parametrize("name", CONTESTANTS)
def test_pytorch_has_as_many_parameters_as_ours_and_learns(name: str, tmp_path: Path):
    """Where PyTorch is installed; it is no requirement, and the benchmark itself checks the same."""
    pytest.importorskip("torch")
    from benchmarks.peers.torch_loop import TorchLoop
    from core.training.model import build_model
    one = CONTESTANTS[name]
    loop = TorchLoop(a_task(one, tmp_path))
    assert loop.parameters == build_model(one.config).count_params()
    first, _ = loop.train(1, 40)
    later, _ = loop.train(30, 40)
    assert later < first


def test_a_peer_answers_from_a_process_of_its_own(tmp_path: Path):
    one = CONTESTANTS["mlp-iris"]
    with Peer("Keras", "jax", sys.executable) as peer:
        assert peer.prepare(a_task(one, tmp_path)) == 4 * 10 + 10 + 10 * 3 + 3
        assert peer.train(2) > 0


def test_a_peer_that_fails_says_why():
    with Peer("Nobody", "no_such_framework", sys.executable) as peer:
        with pytest.raises(PeerFailed, match="no_such_framework"):
            peer.train(1)


def test_peers_need_nothing_of_ours():
    """Their interpreter has no Plotly, no Dask, no scikit-learn."""
    code = ("import sys\nimport benchmarks.peers.serve, benchmarks.peers.task\n"
            "import json; print(json.dumps(sorted(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True,
                          text=True, check=True)
    loaded = json.loads(done.stdout)
    assert not [name for name in loaded if name.split(".")[0] in ("core", "keras", "jax", "scipy", "psutil")]


def test_the_contest_is_what_was_asked_for():
    assert list(PEERS) == ["jax", "tensorflow", "torch"]
    batches = {name: (contestant.config.dataset, contestant.config.batch_size, contestant.config.optimizer)
               for name, contestant in CONTESTANTS.items()}
    data = {"mlp-iris": "iris", "lstm-sentences": "sentence_polarity",
            "transformer-sentences": "sentence_polarity", "factorization": "ratings"}
    assert batches == {name: (data.get(name, "mnist"), 128 if name in ("cnn-128", "factorization") else 32,
                              "adam") for name in batches}
    assert all(math.isclose(contestant.config.validation_share, 0) for contestant in CONTESTANTS.values())
