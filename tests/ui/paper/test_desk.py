"""The link in a report opens what was trained, however short it is."""

from urllib.parse import parse_qsl, urlsplit

from core.lessons.reading import lessons
from core.runs.config import RunConfig
from core.runs.presets import presets
from ui.form.permalink import from_params, to_params
from ui.paper import desk


def test_the_short_link_of_a_report_opens_the_same_settings(monkeypatch, subtests):
    monkeypatch.setattr(desk, "absolute", lambda link: f"https://example.org/{link}")
    configs = {name: preset.config for name, preset in presets().items()} | {
        lesson.name: lesson.challenge_config for lesson in lessons().values()}
    for name, config in configs.items():
        with subtests.test(name):
            opened = from_params(dict(parse_qsl(urlsplit(desk.opens(config)).query, keep_blank_values=True)))
            assert opened.refused is None and opened.config == config
    assert len(desk.opens(RunConfig(dataset="moons", seed=3))) < len(str(to_params(RunConfig()))) / 4
