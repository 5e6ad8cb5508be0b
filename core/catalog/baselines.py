"""Classical methods to compare a network with: scikit-learn's classes, and how many examples each gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.datasets.dataset import Dataset

CLASSES, NUMBERS, SERIES, ANOMALIES = "classification", "regression", "forecasting", "anomalies"


@dataclass(frozen=True)
class Estimator:
    """A class of scikit-learn: `sklearn.MODULE.CLASS_NAME(**parameters)`.

    Attributes:
        scores: of anomalies, the method that says how unusual examples are: `distances` to the nearest
            neighbour, or `rarity`, which is -`score_samples`.
        seeded: whether it is random and takes a `random_state`.
        single: whether it predicts one number only, so that several targets need one each.
    """

    module: str
    class_name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seeded: bool = False
    single: bool = False
    scores: str = ""


@dataclass(frozen=True)
class Baseline:
    """One classical method.

    Attributes:
        estimators: by task; a task that is left out does not have the method.
        most_examples, most_values: limits on the training examples and on all their inputs together, so that
            no fit takes much longer than ten seconds on one processor. Larger data is sampled at random.
        rule: whether it is a forecast that learns nothing (`core.metrics.naive_forecast`) instead of a
            scikit-learn class.
        words: whether it can read sentences: as counts of their words, most of which are 0.
        pairs: whether it can read ratings, as pairs of a user and an item (`core.metrics.rating_methods`).
    """

    name: str
    label: str
    help: str
    estimators: Mapping[str, Estimator]
    most_examples: int = 50_000
    most_values: int = 50_000_000
    rule: bool = False
    words: bool = True
    pairs: bool = False

    @property
    def tasks(self) -> tuple[str, ...]:
        return (SERIES,) if self.rule else tuple(self.estimators)


def _numbers(estimator: Estimator) -> dict[str, Estimator]:
    return {NUMBERS: estimator, SERIES: estimator}


def _forest(name: str) -> Estimator:
    return Estimator("ensemble", f"RandomForest{name}", {"n_estimators": 100, "n_jobs": 1}, seeded=True)


def _boosting(name: str, single: bool) -> Estimator:
    return Estimator("ensemble", f"HistGradientBoosting{name}", {"max_iter": 100}, seeded=True, single=single)


_ENTRIES = (
    Baseline("majority", "Majority class", "Always predicts the most frequent class of the training "
             "examples. It shows what you get without "
             "learning anything.", {CLASSES: Estimator("dummy", "DummyClassifier",
                                                                {"strategy": "most_frequent"})}),
    Baseline("mean", "Always the mean", "Always predicts the mean of the training targets. Its R² is about "
                                        "0.",
             _numbers(Estimator("dummy", "DummyRegressor", {"strategy": "mean"})), pairs=True),
    Baseline("pair_means", "User and item means", "How much this user likes everything, plus how much "
             "everyone likes this item. It knows no tastes.", {}, pairs=True),
    Baseline("popular", "Most popular", "Recommends what has been rated most often, the same to everyone. It "
             "predicts an item's mean rating.", {}, pairs=True),
    Baseline("cosine", "Nearest users (cosine)", "Recommends what the 5 most similar users rated highly. "
             "Users are similar if they rated the same items alike: the cosine between their rows of the "
             "table of users and items, with 0 where a rating is missing. It is the tutorial's collaborative "
             "filtering.",
             {}, pairs=True),
    Baseline("naive", "Naive forecast", "Predicts that the last value stays the same. For many series this "
             "is hard to beat.",
             {}, rule=True),
    Baseline("seasonal", "Seasonal naive forecast", "Predicts the value one season ago: at this hour "
             "yesterday, say. The season is known for a computed series; of others it is the lag at which "
             "the values before the test part resemble themselves most.", {}, rule=True),
    Baseline("autoregression", "Linear autoregression", "Each step ahead is a weighted sum of the values in "
             "the window, plus a constant: least squares, without a penalty.",
             {SERIES: Estimator("linear_model", "LinearRegression")}),
    Baseline("neighbours", "k-nearest neighbours", "Takes the vote, or the mean, of the 5 most similar "
             "training examples. It learns nothing; it looks everything up.",
             {CLASSES: Estimator("neighbors", "KNeighborsClassifier", {"n_neighbors": 5, "n_jobs": 1}),
              **_numbers(Estimator("neighbors", "KNeighborsRegressor", {"n_neighbors": 5, "n_jobs": 1}))},
             most_values=8_000_000),
    Baseline("linear", "Logistic regression", "Like a network without a hidden layer, with a penalty that "
             "keeps its weights small. Straight lines separate the classes. Of sentences, all methods get "
             "how often each word occurs, whatever the order: a bag of words.",
             {CLASSES: Estimator("linear_model", "LogisticRegression", {"max_iter": 300})},
             most_values=4_000_000),
    Baseline("ridge", "Ridge regression", "A straight line through the examples (least squares), with a "
             "penalty of 1 that keeps "
             "its slopes small.", _numbers(Estimator("linear_model", "Ridge", {"alpha": 1.0}))),
    Baseline("tree", "Decision tree", "Asks about one feature at a time until all training examples are "
             "answered correctly. Easy to read, but it overfits.",
             {CLASSES: Estimator("tree", "DecisionTreeClassifier", seeded=True),
              **_numbers(Estimator("tree", "DecisionTreeRegressor", seeded=True))}, most_values=8_000_000),
    Baseline("forest", "Random forest", "The vote, or the mean, of 100 trees. Each tree is built from its "
             "own random sample of the examples. For classes, each question also chooses from only a few "
             "random features.", {CLASSES: _forest("Classifier"), **_numbers(_forest("Regressor"))},
             most_examples=20_000, most_values=8_000_000),
    Baseline("boosting", "Gradient boosting", "Up to 100 rounds of small trees; each round corrects the "
             "errors of the rounds before. Often the best method for tables.",
             {CLASSES: _boosting("Classifier", False), **_numbers(_boosting("Regressor", True))},
             most_examples=20_000, most_values=2_000_000, words=False),
    Baseline("support", "Support vector machine", "Finds the border with the widest margin; a kernel (RBF) "
             "lets it bend. Slow with many examples.",
             {CLASSES: Estimator("svm", "SVC"), **_numbers(Estimator("svm", "SVR", single=True))},
             most_examples=5_000, most_values=2_000_000),
    Baseline("isolation", "Isolation forest", "100 trees that divide the normal examples at random. What "
             "only a few questions set apart is unusual. Source: F. T. Liu, K. M. Ting and Z.-H. Zhou, "
             "\"Isolation Forest\", 2008.",
             {ANOMALIES: Estimator("ensemble", "IsolationForest", {"n_estimators": 100, "n_jobs": 1},
                                   seeded=True, scores="rarity")}, most_values=20_000_000),
    Baseline("nearest", "Distance to the nearest neighbour", "How far an example is from the most similar "
             "normal one. It learns nothing; it looks everything up.",
             {ANOMALIES: Estimator("neighbors", "NearestNeighbors", {"n_neighbors": 1, "n_jobs": 1},
                                   scores="distances")}, most_values=8_000_000),
)

BASELINES: dict[str, Baseline] = {entry.name: entry for entry in _ENTRIES}


def task_of(data: Dataset) -> str:
    """The task under which the methods for a dataset are listed: finding anomalies is one of its own."""
    return ANOMALIES if data.detects else data.task


def baselines_for(task: str, text: bool = False, pairs: bool = False) -> tuple[str, ...]:
    """The names of the methods for a task, simplest first.

    text: whether its examples are sentences. pairs: whether they are ratings of an item by a user.
    """
    if pairs:
        return tuple(name for name, entry in BASELINES.items() if entry.pairs)
    return tuple(name for name, entry in BASELINES.items()
                 if task in entry.tasks and (entry.words or not text))
