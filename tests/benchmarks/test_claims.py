"""Claims of the ideas name links, facts and ideas that exist, and can fail."""

import pytest

from benchmarks.claims import CLAIMS, at_least, at_most, between, falls, opened, rises, value
from core.lessons.facts import FACTS


def test_a_claim_names_links_and_facts_that_are_there(subtests: pytest.Subtests):
    for claim in CLAIMS:
        with subtests.test(f"{claim.idea}: {claim.requirement.text}"):
            assert claim.requirement.fact in FACTS
            assert all(opened(claim, link)[1] for link in claim.links)


def test_the_weights_of_the_tutorials_networks_are_as_claimed():
    claims = [claim for claim in CLAIMS if claim.requirement.fact == "parameters"]
    assert len(claims) == 5
    for claim in claims:
        (_, config), = (opened(claim, link) for link in claim.links)
        assert claim.requirement.holds([value("parameters", config)])


def test_each_requirement_can_fail():
    assert at_least("loss", 1).holds([1, 2]) and not at_least("loss", 1).holds([0.9, 2])
    assert at_most("loss", 1).holds([1, 0]) and not at_most("loss", 1).holds([0, 1.1])
    assert between("loss", 1, 2).holds([1, 2]) and not between("loss", 1, 2).holds([1, 2.1])
    assert falls("loss").holds([3, 2]) and not falls("loss").holds([2, 2])
    assert rises("loss").holds([2, 3]) and not rises("loss").holds([3, 2])
