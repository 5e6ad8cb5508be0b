"""Lessons are read from files: what is wrong with one is said with the file and the field."""

import pytest

from core.lessons.facts import NAMED
from core.lessons.from_toml import TableError
from core.lessons.reading import ENTRIES, lessons, read

GOOD = ENTRIES / "02_learning_rate.toml"


def test_every_lesson_is_read_and_in_order():
    numbers = [lesson.number for lesson in lessons().values()]
    assert numbers == sorted(set(numbers)) and len(numbers) == len(list(ENTRIES.glob("*.toml")))


def test_an_explanation_tells_the_epochs_that_were_trained():
    # A run that the learner stopped did not train for as many as it was to.
    told = {lesson.name: NAMED.findall(lesson.explain) for lesson in lessons().values()}
    assert "epochs_done" in told["steps"] and not any("epochs" in names for names in told.values())


@pytest.mark.parametrize("before, after, said", [
    ('title = "Learning rate"', "", "title is missing"),
    ('title = "Learning rate"', "title = 3", "title must be a text, got 3"),
    ('title = "Learning rate"', 'title = "a"\ncolour = "red"', "there is no field 'colour'"),
    ("values = {slow = 0.5, good = 0.01, diverging = 1.0}", "values = 3", "values must be a table, got 3"),
    ("epochs = 50", "epochs = 5000", "Epochs must be"),
    ("right = true", "right = false", "exactly one that is right"),
    ('grade = "tries"', 'grade = "luck"', "challenge.grade must be one of"),
    ('free = ["learning_rate"]\nteacher', 'free = ["speed"]\nteacher', "free names speed"),
    ('grade = "tries"', 'grade = "seeds"', "challenge.grade must be tries for slow_good_diverging"),
    ('check = "slow_good', 'check = "fast_good', "challenge.check must be one of answer_near"),
    ("slow = 0.5, ", "", "challenge.values.slow is missing"),
    ("slow = 0.5, ", "fast = 0.5, slow = 0.5, ", "challenge.values.fast: slow_good_diverging has no such"),
    ("slow = 0.5, ", "slow = true, ", "challenge.values.slow must be of type float"),
    ("{first_loss}", "{loss_of_last_week}", "explain names the fact loss_of_last_week"),
    ('free = ["learning_rate"]\ngrade', 'free = ["dataset_parameters.size"]\ngrade', "free names dataset"),
    ("A neuron learns", "word " * 120, "words; 120 at most"),
    ('    "Try 0.0001, 0.03 and 0.13.",\n', "", "challenge.hints must be 3")])
def test_what_is_wrong_with_a_lesson_is_said(tmp_path, before, after, said):
    text = GOOD.read_text("utf-8")
    assert before in text
    path = tmp_path / GOOD.name
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(TableError, match=r"^02_learning_rate\.toml[:,] ") as error:
        read(path)
    assert said in str(error.value)
