"""The exported script ranks the liked titles as Evaluate does, and calls scikit-learn like the tutorial."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.datasets.splits import split
from core.export import ranking
from core.export.script import sections
from core.metrics.ranked_items import ranked_items
from core.runs.config import RunConfig


def liking(pairs: np.ndarray) -> np.ndarray:
    """Stands for a network: a number for each pair, without equals."""
    return np.sin(pairs[:, 0] * 7.3 + pairs[:, 1] * 2.1 + pairs[:, 0] * pairs[:, 1] * 0.37)


@pytest.mark.parametrize("more", [{}, {"validation_share": 0.0, "seed": 4},
                                  {"training_size": 300, "seed": 2}])
def test_the_script_ranks_as_the_page_does(more: dict[str, Any], capsys: pytest.CaptureFixture[str]):
    config = RunConfig(dataset="ratings", architecture="factorization",
                       dataset_parameters={"users": 60, "titles": 40, "ratings": 1000}, **more)
    names: dict[str, Any] = {"model": SimpleNamespace(
        predict=lambda x, **_: liking(np.asarray(x, float))[:, None])}
    written = {section.title: section for section in sections(config)}
    for title in ("Settings", "Data", "Ranking", "Nearest neighbours"):
        exec(compile(written[title].code, title, "exec"), names)
    data = split(config.data, config.preparation)

    def scores(users: np.ndarray) -> np.ndarray:
        return np.stack([liking(np.stack([np.full(41, user), np.arange(41)], axis=1)) for user in users])

    found = ranked_items(data, scores)
    assert names["places"].tolist() == found.places.tolist()
    said = capsys.readouterr().out
    assert f"hit rate at 10: {found.hit_rate:.4f}" in said and f"NDCG at 10: {found.ndcg:.4f}" in said
    table = names["user_item_matrix"]
    assert table.shape[0] <= 60 and table.loc[data.x_train[0, 0], data.x_train[0, 1]] > 0
    assert set(names["train_data"].index) <= set(range(1, 61)), "rows are users"
    assert set(names["similar"]) <= set(table.columns), "and titles only after turning the table"


def test_a_large_table_is_not_made_whole_and_has_the_same_neighbours(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    config = RunConfig(dataset="ratings", architecture="factorization",
                       dataset_parameters={"users": 60, "titles": 40, "ratings": 1000})
    said = []
    for most in (ranking.MOST_CELLS, 0):
        monkeypatch.setattr(ranking, "MOST_CELLS", most)
        names: dict[str, Any] = {}
        for section in sections(config):
            if section.title in ("Settings", "Data", "Nearest neighbours"):
                exec(compile("\n".join([*section.imports, section.code]), section.title, "exec"), names)
        said.append(capsys.readouterr().out)
    assert "pivot" not in dir(names["user_item_matrix"]) and names["user_item_matrix"].nnz < 60 * 40
    assert said[0] == said[1] and said[0].count("user ") == 2


@pytest.mark.parametrize("answer, best", [(0.5, 0.5), (np.nan, 0.0)])
def test_a_network_that_answers_all_alike_gets_no_credit(answer: float, best: float):
    config = RunConfig(dataset="ratings", architecture="factorization",
                       dataset_parameters={"users": 60, "titles": 40, "ratings": 1000})
    names: dict[str, Any] = {"model": SimpleNamespace(predict=lambda x, **_: np.full((len(x), 1), answer))}
    written = {section.title: section for section in sections(config)}
    for title in ("Settings", "Data", "Ranking"):
        exec(compile(written[title].code, title, "exec"), names)
    # By chance, 10 of some 24 free titles are listed.
    assert names["hits"].mean() <= best
