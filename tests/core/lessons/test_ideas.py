"""The ideas: found by their words, and nothing of them is lost."""

from core.lessons.articles import IDEAS
from core.lessons.finding import matching
from core.lessons.ideas import GROUPS, document


def found(typed: str) -> set[str]:
    return {idea.name for idea in matching(IDEAS.values(), typed)}


def test_an_idea_is_found_by_any_of_its_words_in_any_case():
    assert {"batch", "too_large_a_batch"} <= found("BATCH") < {*IDEAS}
    assert found("batch coach") < found("batch") and "too_large_a_batch" in found("batch coach")
    assert found("lenet-5") == {"a_cnn_on_real_images"}  # only a link says so
    assert found("no such word") == set() and found(" ") == {*IDEAS}


def test_each_group_stands_together_in_the_document():
    heads = [line[3:] for line in document().splitlines() if line.startswith("## ")]
    assert tuple(heads) == GROUPS
