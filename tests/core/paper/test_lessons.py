"""Worksheets and notes of all lessons: what has to be on them, and what must not."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from core.datasets.splits import split
from core.lessons.lesson import GRADINGS
from core.lessons.reading import lessons
from core.paper.html import markdown, tag
from core.paper.notes import notes
from core.paper.worksheet import worksheet

ADDRESS = "https://example.org/app/?lesson=a&b"
VOID = {"input", "br", "hr", "path", "line", "circle", "rect"}


class Read(HTMLParser):
    """What a page says, and whether its elements close in order."""

    def __init__(self, body: str):
        super().__init__()
        self.words, self.open, self.tags = "", [], []
        self.feed(body)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += f"{data} "


def plain(text: str) -> str:
    """Letters alone, without Markdown and space."""
    return re.sub(r"[*`\s]", "", text)


def test_a_worksheet_asks_everything_and_answers_nothing(subtests):
    for lesson in lessons().values():
        with subtests.test(lesson.name):
            read = Read(worksheet(lesson, ADDRESS).body)
            said, asked = plain(read.words), lesson.prediction
            wanted = [lesson.title, asked.question, lesson.challenge.text, *lesson.worksheet,
                      *(option.text for option in asked.options)]
            assert [text for text in wanted if plain(text) not in said] == []
            told = [lesson.idea, lesson.teacher, lesson.explain, *lesson.challenge.hints, *lesson.answers,
                    asked.why, *(option.why for option in asked.options)]
            assert [text for text in told if text and plain(text)[:36] in said] == []
            assert ("svg" in read.tags) == (asked.kind == "sketch")
            assert read.tags.count("h1") == 1 and "h3" not in read.tags


def test_notes_answer_everything(subtests):
    for lesson in lessons().values():
        with subtests.test(lesson.name):
            said, asked = plain(Read(notes(lesson, ADDRESS).body).words), lesson.prediction
            wanted = [lesson.title, lesson.idea, lesson.teacher, *lesson.challenge.hints, *lesson.worksheet,
                      *lesson.answers, *(option.text for option in asked.options), ADDRESS]
            assert [text for text in wanted if plain(text) not in said] == []
            assert all(plain(f"{option.text} (right)") in said for option in asked.options if option.right)
            assert "{" not in said


def test_the_notes_tell_the_rates_that_were_measured():
    text = (Path(__file__).parents[3] / "docs" / "lessons.md").read_text("utf-8")
    rows = [re.split(r" *\| *", line)[1:-1] for line in text.splitlines() if re.match(r"\| \d", line)]
    rates = {"always": GRADINGS, "never": 0}
    measured = {int(row[0].split()[0]): ([rates.get(cell) if cell in rates else int(cell)
                                          for cell in row[2].split("; ")],
                                         rates.get(row[4]) if row[4] in rates else int(row[4]))
                for row in rows}
    for lesson in lessons().values():
        passing, failing = measured[lesson.number]
        assert [example.passed for example in lesson.examples if example.passes] == passing
        assert {example.passed for example in lesson.examples if not example.passes} == {failing}


def test_the_notes_tell_the_line_that_fits_every_learners_points_best():
    lesson = lessons()["loss"]
    points = split(lesson.config.data, lesson.config.preparation)
    weight, bias = np.polyfit(points.x_train.ravel(), points.y_train.ravel(), 1)
    for text in (lesson.answers[0], lesson.teacher):
        assert f"aweightofabout{weight:.1f}andabiasofabout{bias:.1f}" in plain(text)


def test_text_is_no_markup():
    hostile = '<img src=x onerror="alert(1)">'
    assert "<img" not in tag("p", hostile, title=hostile) + markdown(f"**a** {hostile} [b](javascript:c)")
    assert 'href="javascript' not in markdown("[b](javascript:c)")
