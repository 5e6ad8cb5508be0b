"""An exported script learns from exactly the numbers that the run learned from."""

from typing import Any

import numpy as np
import pytest

from core.datasets import DATASETS, FILES, available, splits
from core.export.script import sections
from core.metrics.naive_forecast import seasonal_naive
from core.metrics.recursive_forecast import recursive_forecast
from core.runs.config import RunConfig

# One that needs a table is in the tests of tables.
SMALL = [name for name in DATASETS if name not in FILES and name != "table"]
CLASSES = [name for name in SMALL if DATASETS[name].classes]


def prepared(config: RunConfig) -> dict[str, Any]:
    """The names that the settings and the data section of a script make."""
    names: dict[str, Any] = {}
    for section in sections(config)[:2]:
        exec(compile(section.code, section.title, "exec"), names)
    return names


def compare(config: RunConfig) -> None:
    """The script's arrays are the run's; test targets that are numbers are in their own units there."""
    made, names = splits.split(config.data, config.preparation), prepared(config)
    scale = made.scale if config.data.is_image else 1.0
    expected = [("x_train", made.x_train * scale), ("y_train", made.y_train), ("x_test", made.x_test * scale)]
    if made.validation:
        expected += [("x_val", made.x_validation * scale), ("y_val", made.y_validation)]
    else:
        assert "x_val" not in names
    expected.append(("y_test", splits.test_set(config.data, config.preparation).y))
    for name, array in expected:
        got = np.asarray(names[name])
        assert got.shape == array.shape, name
        assert got.dtype == np.float32 or got.dtype.kind == "i", name
        np.testing.assert_allclose(got, array, rtol=1e-4, atol=2e-5, err_msg=name)


def config_for(name: str, **changes: Any) -> RunConfig:
    architecture = "factorization" if DATASETS[name].is_pairs else "mlp"
    return RunConfig(dataset=name, architecture=architecture, **changes)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("changes", [{}, {"validation_share": 0.0, "scaling": "none", "seed": 7},
                                     {"training_size": 12, "seed": 3, "validation_share": 0.25}])
def test_every_dataset_is_divided_and_scaled_as_in_the_run(name: str, changes: dict[str, Any]):
    compare(config_for(name, **changes))


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("changes", [
    {"label_noise": 0.2}, {"imbalance": 0.9}, {"imbalance": 0.99, "validation_share": 0.5, "seed": 5},
    {"label_noise": 0.5, "imbalance": 0.3, "training_size": 40, "seed": 2}])
def test_noise_and_imbalance_are_the_same(name: str, changes: dict[str, Any]):
    compare(config_for(name, **changes))


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
@pytest.mark.parametrize("changes", [{}, {"training_size": 3000, "imbalance": 0.5, "label_noise": 0.1}])
def test_images_from_files_are_the_same(name: str, changes: dict[str, Any]):
    if not available(name):
        pytest.skip(f"{name} is not at hand")
    compare(config_for(name, **changes))


@pytest.mark.parametrize("changes", [
    {}, {"training_size": 300, "label_noise": 0.1, "imbalance": 0.5, "validation_share": 0.0, "seed": 4,
         "dataset_parameters": {"vocabulary": 50, "length": 7}},
    {"training_size": 300, "dataset_parameters": {"unit": "characters", "vocabulary": 20, "length": 90}}])
def test_sentences_get_the_same_numbers(changes: dict[str, Any]):
    if not available("sentence_polarity"):
        pytest.skip("the sentences are not at hand")
    compare(config_for("sentence_polarity", **changes))


@pytest.mark.parametrize("name, values", [
    ("moons", {"count": 21, "noise": 0.3, "data_seed": 4}), ("circles", {"count": 30, "noise": 0.0}),
    ("ten_features", {"count": 90, "noise": 0.1, "data_seed": 3}),
    *((name, {"count": 120, "rare_share": 0.1, "data_seed": 2})
      for name in ("moons", "circles", "spirals", "blobs", "xor", "quantiles", "ten_features")),
    ("spirals", {"count": 77, "classes": 3, "noise": 0.0}), ("spirals", {"noise": 0.4, "data_seed": 9}),
    ("blobs", {"classes": 5, "count": 20, "noise": 2.0}), ("xor", {"noise": 0.0}), ("xor", {"noise": 1.5}),
    ("quantiles", {"classes": 2, "noise": 0.2}), ("curve", {"function": "line", "noise": 0.0}),
    ("curve", {"function": "steps"}), ("curve", {"function": "polynomial", "data_seed": 8}),
    ("sine", {"noise": 0.2, "window": 20, "horizon": 5}), ("sines", {"horizon": 3, "steps": 200}),
    ("demand", {"season": 7}), ("spikes", {"count": 130, "length": 6}), ("spikes", {"noise": 0.0}),
    *((name, {"count": 90, "rare_share": share, "feature_scale": 1000.0})
      for name, share in (("moons", 0.1), ("spirals", 0.0))),
    ("moons", {"sampled_from": "left", "count": 50}), ("digits12", {"shift": 2}),
    ("curve", {"outlier": 12.5, "function": "line"}),
    ("stocks", {"company": "AAPL", "window": 5, "horizon": 2}),
    ("digits", {"classes": ["2", "5", "9"]}), ("mnist", {"classes": ["0", "7"]}),
    ("placed", {"points": [(0.5, 1.25, 0), (1.0, -3.0, 0), (2.0, 2.0, 0), (-1.0, 0.0, 2), (-2.0, 1.0, 2),
                           (-2.5, 0.0, 2), (-0.75, 0.01, 1)]})])
def test_values_of_a_dataset_are_written_out(name: str, values: dict[str, Any]):
    compare(config_for(name, dataset_parameters=values))
    compare(config_for(name, dataset_parameters=values, validation_share=0.4, seed=11))


@pytest.mark.parametrize("scaling", ["standard", "none"])
def test_a_script_forecasts_as_the_page_does(scaling: str, capsys: pytest.CaptureFixture[str]):
    """The seasonal naive forecast, and the network's step by step, with a network that is one product."""
    class Network:
        def predict(self, x: np.ndarray, verbose: int = 0) -> np.ndarray:
            return np.asarray(x)[:, :, 0] @ np.random.default_rng(0).normal(0, 0.3, (30, 4))

    config = config_for("demand", scaling=scaling, dataset_parameters={"horizon": 4, "window": 30})
    names: dict[str, Any] = {**prepared(config), "model": Network()}
    expected = seasonal_naive(config.data)
    assert expected is not None
    np.testing.assert_allclose(names["seasonal"], expected, atol=1e-5)
    scored = next(section for section in sections(config) if section.title == "Evaluation")
    exec(compile("from sklearn.metrics import r2_score\n" + scored.code, "Evaluation", "exec"), names)
    made = splits.split(config.data, config.preparation)
    np.testing.assert_allclose(names["recursive"], recursive_forecast(made, Network().predict, 4), rtol=1e-3,
                               atol=1e-4)
    assert "MAE 4 ahead: all at once" in capsys.readouterr().out


def test_the_comparison_would_see_another_seed():
    config = config_for("iris")
    made = splits.split(config.data, config.replaced(seed=1).preparation)
    assert not np.allclose(prepared(config)["x_train"], made.x_train)
