"""Methods: which trials they try, in which order, and which continue; the same seed gives the same."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import qmc

from core.cluster.payload import encode_study
from core.parameters import FieldError
from core.runs.config import RunConfig
from core.runs.presets import presets
from core.studies import halving, sampling
from core.studies.methods import METHODS, Searching
from core.studies.repeats import CrossValidation, Seeds
from core.studies.search import Search
from core.studies.space import Axis
from core.studies.study import (
    DIVERGED,
    DROPPED,
    FINISHED,
    TRAINING,
    VAL_LOSS,
    Fold,
    Method,
    Study,
    StudyResults,
)
from tests.studies import FakeStudies, curve

RATE = Axis("learning_rate", 1e-4, 0.5, True)


def a_search(method: str, axes: tuple[Axis, ...] = (RATE, Axis("seed", 0, 99)), epochs: int = 27,
             **more) -> Search:
    return Search(RunConfig(epochs=epochs), axes, method, **{"least_epochs": 1, **more})


def trained(method: Method, step: int = 10**6) -> Study:
    return FakeStudies(step=step).submit("me", method)


def test_a_grid_is_every_combination():
    axes = (Axis("learning_rate", 0.01, 0.1, True, levels=2),
            Axis("activation", values=("relu", "tanh", "elu")),
            Axis("batch_size", 8, 32, True, levels=3))
    search = a_search("grid", axes)
    study = trained(Searching(search))
    wanted = list(itertools.product((0.01, 0.1), ("relu", "tanh", "elu"), (8, 16, 32)))
    assert [member.values for member in study.members] == wanted and len(wanted) == 18
    assert Searching(search).plan == (18, 18 * 27)
    assert [member.config.batch_size for member in study.members[:3]] == [8, 16, 32]
    assert (study.results.states == FINISHED).all()


def test_trials_keep_a_start_that_learned_without_labels():
    config = presets()["unlabelled"].config.replaced(validation_share=0.2)
    search = Search(config, (RATE, Axis("training_size", 10, 100, True)), "random", trials=4)
    members = trained(Searching(search)).members
    assert {member.config.start for member in members} == {config.start} and len(members) == 4
    assert {number: member.config for number, member in encode_study(members).decode().items()} == dict(
        enumerate(member.config for member in members))


def test_random_draws_fill_their_ranges_evenly():
    drawn = sampling.random(a_search("random", trials=1000), 1000)
    rates = np.log10([values[0] for values in drawn])
    counts, _ = np.histogram(rates, np.linspace(-4, np.log10(0.5), 5))
    assert (np.abs(counts - 250) < 60).all(), "four deviations of a quarter of 1000"
    seeds = np.bincount([values[1] for values in drawn], minlength=100)
    assert len(seeds) == 100 and seeds.max() < 30


def test_a_latin_hypercube_tries_each_part_once():
    search = a_search("latin", (Axis("dropout_rate", 0.0, 0.5), Axis("seed", 0, 99)))
    drawn = sampling.latin(search, 100)
    parts = [min(int(value / 0.5 * 100 + 1e-3), 99) for value, _ in drawn]
    assert len(set(parts)) > 95, "four digits may put one beyond the edge of its part"
    assert sorted(seed for _, seed in drawn) == list(range(100))
    own = qmc.LatinHypercube(2, rng=np.random.default_rng([0, 0])).random(100)
    assert [value for value, _ in drawn] == pytest.approx((0.5 * own[:, 0]).tolist(), rel=1e-3)


@pytest.mark.parametrize("name", METHODS)
def test_the_same_seed_proposes_the_same(name: str):
    first, again, other = (trained(Searching(a_search(name, trials=20, seed=seed))) for seed in (4, 4, 5))
    assert [member.values for member in first.members] == [member.values for member in again.members]
    if name != "grid":
        assert [member.values for member in first.members] != [member.values for member in other.members]


@pytest.mark.parametrize("name", METHODS)
def test_the_plan_is_what_is_trained_where_nothing_diverges(name: str):
    search = Searching(a_search(name, (RATE, Axis("seed", 0, 9)), trials=30))
    study = trained(search)
    assert study.status == "finished"
    assert (len(study.members), int(study.results.done.sum())) == search.plan


# Li et al. 2018, table 1 by algorithm 1: R = 81, eta = 3; of each bracket (trials, epochs).
PAPER = [[(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)], [(34, 3), (11, 9), (3, 27), (1, 81)],
         [(15, 9), (5, 27), (1, 81)], [(8, 27), (2, 81)], [(5, 81)]]


def test_hyperbands_brackets_are_the_papers():
    brackets = halving.hyperband(a_search("hyperband", epochs=81, eta=3))
    assert [[(one.trials, one.epochs) for one in bracket] for bracket in brackets] == PAPER


@pytest.mark.parametrize("epochs, eta, least", [(1, 2, 1), (2, 2, 1), (80, 3, 1), (100, 10, 7), (1000, 2, 1)])
def test_brackets_end_with_whole_trials(epochs: int, eta: int, least: int):
    search = a_search("hyperband", epochs=epochs, eta=eta, least_epochs=least)
    brackets = halving.hyperband(search)
    assert len(brackets) == 1 + math.floor(math.log(epochs / least) / math.log(eta) + 1e-9)
    for bracket in brackets:
        assert bracket[-1].epochs == epochs and bracket[0].epochs >= least - 1
        assert all(one.epochs < after.epochs and one.trials > after.trials > 0
                   for one, after in itertools.pairwise(bracket))


def test_halving_keeps_exactly_the_best():
    search = a_search("halving", trials=27, eta=3)
    study = trained(Searching(search))
    rungs = halving.halving(search)[0]
    assert [(rung.trials, rung.epochs) for rung in rungs] == [(27, 1), (9, 3), (3, 9), (1, 27)]
    values = np.stack([curve(member, 27)[:, VAL_LOSS] for member in study.members])
    going = list(range(27))
    for rung, after in itertools.pairwise(rungs):
        at = rung.epochs - 1
        going = sorted(sorted(going, key=lambda one, at=at: (values[one, at], one))[:after.trials])
        dropped = set(range(27)) - set(going)
        assert (study.results.done[list(dropped)] <= rung.epochs).all()
        assert (study.results.done[going] > rung.epochs).all()
    assert study.results.states[going].tolist() == [FINISHED]
    assert (study.results.states == DROPPED).sum() == 26


def some_results(values: list[float], states: list[int] | None = None) -> StudyResults:
    results = StudyResults.empty(len(values), 4, 3)
    results.curves[:, 0, VAL_LOSS] = values
    results.done[:] = 1
    results.states[:] = states or [TRAINING] * len(values)
    return results


def test_equal_ones_go_on_by_their_number_and_lost_ones_never():
    search = a_search("halving", trials=6)
    everyone = np.arange(6)
    kept = halving.kept(search, some_results([0.5, 0.2, 0.5, 0.5, 0.9, 0.5]), everyone, 1, 3)
    assert kept.tolist() == [0, 1, 2]
    lost = some_results([np.nan, 0.2, 0.1, 0.5, np.inf, 0.4], [TRAINING, TRAINING, DIVERGED, *[TRAINING] * 3])
    assert halving.kept(search, lost, everyone, 1, 5).tolist() == [1, 3, 5]
    accuracy = Search(search.config, search.axes, "halving", objective="val_metric")
    results = some_results([0.0] * 3)
    results.curves[:, 0, 3] = [0.4, 0.9, 0.6]
    assert halving.kept(accuracy, results, np.arange(3), 1, 1).tolist() == [1]


def test_a_search_of_which_all_diverge_ends():
    study = trained(Searching(a_search("halving", (Axis("learning_rate", 0.9, 1.0),), trials=9)))
    assert study.status == "finished" and (study.results.states == DIVERGED).all()


def test_bayesian_search_comes_in_batches_and_finds_the_valley():
    search = a_search("bayesian", (Axis("learning_rate", 1e-4, 0.7, True),), trials=60)
    study = trained(Searching(search))
    rates = np.log10(np.array([member.values[0] for member in study.members], float))
    away = np.abs(rates + 1.5)
    # Drawn evenly they would be 1.05 away in the mean: (2.5² + 1.35²) / 2 / 3.85.
    assert len(away) == 60 and away[20:].mean() < 0.7


def test_seeds_and_folds():
    config = RunConfig(seed=7)
    seeds = trained(Seeds(config, 5))
    assert [member.config.seed for member in seeds.members] == [7, 8, 9, 10, 11]
    assert [member.config.replaced(seed=7) for member in seeds.members] == [config] * 5
    folds = trained(CrossValidation(config, 3, 2))
    assert [member.fold for member in folds.members] == [Fold(index, 3, repeat) for repeat in (0, 1)
                                                   for index in range(3)]
    assert [member.config for member in folds.members] == [config] * 6
    assert Seeds(RunConfig(seed=2**31 - 1), 3).following((),
                                                         StudyResults.empty(0, 1, 0))[0][2].config.seed == 1


@pytest.mark.parametrize("field", ["masking", "input_noise"])
def test_a_value_that_a_config_leaves_out_reaches_a_worker(field: str):
    config = RunConfig.from_dict({"dataset": "digits", "target": "input", field: 0.25})
    members = trained(Searching(Search(config, (Axis(field, values=(0.5, 0.0)),), "grid"))).members
    assert [getattr(member.config, field) for member in members] == [0.5, 0.0]
    # The one that is sent whole is the first one.
    for order in (members, members[::-1]):
        sent = encode_study(order).decode()
        assert [sent[number].config for number in range(len(order))] == [member.config for member in order]


@pytest.mark.parametrize("make, field", [
    (lambda: Seeds(RunConfig(), 1), "count"), (lambda: Seeds(RunConfig(), 101), "count"),
    (lambda: CrossValidation(RunConfig(), 1), "folds"), (lambda: CrossValidation(RunConfig(), 21), "folds"),
    (lambda: CrossValidation(RunConfig(), 5, 11), "repeats"),
    (lambda: CrossValidation(RunConfig(dataset="sine"), 5, 2), "repeats")])
def test_wrong_numbers_are_refused(make, field: str):
    with pytest.raises(FieldError) as error:
        make()
    assert error.value.field == field


def test_a_study_of_runs_with_a_start_varies_only_what_the_start_leaves_open():
    config = RunConfig.from_dict({"start": {"at": 8}})
    Search(config, (Axis("learning_rate", 0.001, 0.1), Axis("activation", values=("relu", "tanh"))))
    for axis in (Axis("architecture_parameters.hidden_units", values=((8,), (4, 4))),
                 Axis("label_noise", 0.0, 0.5), Axis("validation_share", 0.1, 0.3)):
        with pytest.raises(FieldError) as caught:
            Search(config, (axis,))
        assert caught.value.field == axis.field
    with pytest.raises(FieldError, match="cross-validation would say nothing"):
        CrossValidation(config)
