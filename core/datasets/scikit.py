"""The small datasets that come with scikit-learn and need no download."""

from functools import lru_cache
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, Dataset
from core.datasets.some_classes import with_classes

_UCI = "UCI Machine Learning Repository, CC BY 4.0; the copy in scikit-learn."

_MEASURED = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
             "concave points", "symmetry", "fractal dimension")


def read_only(x: np.ndarray, y: np.ndarray) -> Arrays:
    """The arrays in the types that `Arrays` promises, read-only because everything shares them."""
    x = x if x.dtype == np.uint8 else x.astype(np.float32)
    y = y.astype(np.int32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def numbers(x: np.ndarray, y: np.ndarray) -> Arrays:
    """The same for targets that are numbers: y (n, outputs)."""
    x, y = x.astype(np.float32), y.astype(np.float32)
    x.flags.writeable = y.flags.writeable = False
    return Arrays(x, y)


def _bunch(function: str, **options: Any) -> Any:
    """The result of `sklearn.datasets.FUNCTION`; imported here because that takes a second."""
    import sklearn.datasets

    return getattr(sklearn.datasets, function)(**options)


@lru_cache(maxsize=1)
def load_iris() -> Arrays:
    """x float32 (150, 4), in cm."""
    bunch = _bunch("load_iris")
    return read_only(bunch.data, bunch.target)


@lru_cache(maxsize=1)
def load_wine() -> Arrays:
    """x float32 (178, 13)."""
    bunch = _bunch("load_wine")
    return read_only(bunch.data, bunch.target)


@lru_cache(maxsize=1)
def load_breast_cancer() -> Arrays:
    """x float32 (569, 30)."""
    bunch = _bunch("load_breast_cancer")
    return read_only(bunch.data, bunch.target)


@lru_cache(maxsize=1)
def load_digits() -> Arrays:
    """x uint8 (1797, 8, 8, 1), from 0 to 16."""
    bunch = _bunch("load_digits")
    return read_only(bunch.images.astype(np.uint8)[..., None], bunch.target)


@lru_cache(maxsize=1)
def load_diabetes() -> Arrays:
    """x float32 (442, 10), y float32 (442, 1), as measured instead of as scikit-learn scales them."""
    bunch = _bunch("load_diabetes", scaled=False)
    return numbers(bunch.data, bunch.target[:, None])


IRIS = Dataset(
    "iris", "Iris",
    "Three kinds of iris that differ in the length and width of their sepals and petals. Tiny and fast, so "
    "good for a first network. Two of the kinds overlap a little.",
    f"R. A. Fisher, 1936. {_UCI}",
    examples=150, shape=(4,), classes=("setosa", "versicolor", "virginica"), load=load_iris,
    features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"))

# The source gives no units, so only the obvious ones are named.
WINE = Dataset(
    "wine", "Wine",
    "Wines of three growers from one region of Italy, with thirteen chemical measurements of each wine. "
    "Small; a few dozen epochs are enough.",
    f"M. Forina and others, 1988. {_UCI}",
    examples=178, shape=(13,), classes=("grower 1", "grower 2", "grower 3"), load=load_wine,
    features=("alcohol (%)", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols",
              "flavanoids", "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue",
              "OD280/OD315", "proline"))

BREAST_CANCER = Dataset(
    "breast_cancer", "Breast cancer",
    "Is a lump malignant or benign? Thirty numbers describe the cell nuclei in a microscope image: ten "
    "measurements, each as mean, standard error and worst value.",
    f"W. H. Wolberg, W. N. Street and O. L. Mangasarian, 1995. {_UCI}",
    examples=569, shape=(30,), classes=("malignant", "benign"), load=load_breast_cancer,
    features=tuple(f"{kind} {what}" if kind != "error" else f"{what} error"
                   for kind in ("mean", "error", "worst") for what in _MEASURED))

DIGITS = with_classes(Dataset(
    "digits", "Digits 8x8",
    "Handwritten digits, shrunk to 8 x 8 pixels with 17 shades of grey. The images are so small that most "
    "networks learn them in seconds.",
    f"E. Alpaydin and C. Kaynak, 1998. {_UCI}",
    examples=1797, shape=(8, 8, 1), classes=tuple("0123456789"), load=load_digits, pixel_maximum=16),
    (178, 182, 177, 183, 181, 182, 181, 179, 174, 180))

DIABETES = Dataset(
    "diabetes", "Diabetes",
    "How far will the disease have progressed in a year? Ten measurements of each patient say something "
    "about it, but more than half of the differences remain unexplained.",
    "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, 2004, with no licence of its own; the copy in "
    "scikit-learn, BSD 3-Clause.",
    examples=442, shape=(10,), classes=(), load=load_diabetes, task="regression",
    target="disease progression after one year",
    features=("age (years)", "sex (1 or 2)", "body mass index (kg/m²)", "average blood pressure (mm Hg)",
              "total cholesterol (mg/dl)", "LDL cholesterol (mg/dl)", "HDL cholesterol (mg/dl)",
              "total cholesterol / HDL", "log of triglycerides", "blood sugar (mg/dl)"))
