"""Scripts have their version in the path, so that a browser's cache never mixes two versions."""

from pathlib import Path

from ui.assets import STATIC, provide_scripts

FILES = {"live.js": "import './live_parts.js'", "live_parts.js": "export {}", "live.css": ".live {}",
         "plotly-1.min.js": "large", "icon.png": "picture"}


def test_scripts_lie_under_their_version(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    first = tmp_path / provide_scripts(tmp_path)
    assert {path.name: path.read_text() for path in first.iterdir()} == {
        name: FILES[name] for name in ("live.js", "live_parts.js", "live.css")}
    provide_scripts.cache_clear()  # as in another process
    assert provide_scripts(tmp_path) == first.name
    # One changed file is a new version of all: they import one another.
    (tmp_path / "live_parts.js").write_text("export const more = 1")
    provide_scripts.cache_clear()
    second = tmp_path / provide_scripts(tmp_path)
    assert second != first and (first / "live_parts.js").read_text() == FILES["live_parts.js"]
    assert (second / "live_parts.js").read_text() == "export const more = 1"
    assert not list(tmp_path.glob("*.part")), "nothing half done is left"


def test_scripts_import_one_another_by_relative_paths() -> None:
    for path in STATIC.glob("*.js"):
        assert "await import(" not in path.read_text("utf-8") or path.name.startswith("plotly-"), path.name
