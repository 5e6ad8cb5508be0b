"""The setup of every test: a fixed environment, a cache of its own, and Chromium.

Most of the tests' time is compilation. What JAX compiled is kept in pytest's cache folder, for the other
processes and for the next run, and the quick tests are compiled with less optimization.

The environment is set while this file is imported, before any test module is: settings are read and
Keras picks its backend at import.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PLAYGROUND_DATA", "PLAYGROUND_REQUIRE_BROWSER")
# Whoever gives one of these options wants something else than the quick tests.
ASKED = ("markexpr", "keyword", "numprocesses", "lf", "failedfirst", "usepdb", "collectonly")
# JAX's own switch for this: a quick test's program runs too briefly to earn what its optimization costs.
LESS_OPTIMIZED = "JAX_DISABLE_MOST_OPTIMIZATIONS"
# The folder in PLAYGROUND_CACHE in which workers keep what they compiled.
COMPILED = "compiled"
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")


def _fix_environment() -> Path:
    """Forget the developer's own settings; returns the session's cache folder."""
    for name in list(os.environ):
        if (name.startswith("PLAYGROUND_") and name not in KEPT) or name == "DASK_SCHEDULER_ADDRESS":
            del os.environ[name]
    shared = ROOT.parent / "shared" / "datasets"
    if not os.environ.get("PLAYGROUND_DATA") and shared.is_dir():
        os.environ["PLAYGROUND_DATA"] = str(shared)
    cache = Path(tempfile.mkdtemp(prefix="playground-tests-"))
    os.environ["PLAYGROUND_CACHE"] = str(cache)
    # Keras and Dask write their settings to the home folder when they are imported, and read them there.
    os.environ["KERAS_HOME"], os.environ["DASK_CONFIG"] = str(cache / "keras"), str(cache / "dask")
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ["JAX_PLATFORMS"] = "cpu"
    return cache


CACHE = _fix_environment()

hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("quick")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """`pytest` by itself runs the quick tests in two processes; name a file, a mark or a word for just that.

    With `addopts` workers would run a single test too, and a sweep could not be run by its name.
    """
    told = getattr(config, "workerinput", None)
    if told is not None:
        # A worker comes here too. It reads the command line once more, and must not start workers of its own.
        config.option.markexpr = told["markexpr"]
        return
    named = config.args_source == config.ArgsSource.ARGS
    if not named and not any(getattr(config.option, name, None) not in (None, "", False) for name in ASKED):
        config.option.markexpr, config.option.dist = "not sweep and not alone", "loadfile"
        config.option.numprocesses = 2
        os.environ.setdefault(LESS_OPTIMIZED, "1")


def pytest_configure(config: pytest.Config) -> None:
    """Keeps compiled programs in pytest's cache folder, also those of the workers that tests start."""
    if getattr(config, "cache", None) is None:  # `-p no:cacheprovider`
        return
    kept = config.cache.mkdir(COMPILED)
    with suppress(OSError):  # where links need a privilege, workers begin with an empty folder
        (CACHE / COMPILED).symlink_to(kept, target_is_directory=True)
    os.environ |= {"JAX_COMPILATION_CACHE_DIR": str(kept),
                   "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
                   "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker of pytest-xdist which tests were chosen."""
    node.workerinput["markexpr"] = node.config.option.markexpr


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs Chromium is a browser test, and those come last: they are the slowest.

    Nothing should run beside it, nor beside one that ends workers and waits for others.
    """
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if "chromium_path" in needs:
            item.add_marker(pytest.mark.browser)
        if needs & {"chromium_path", "workers"}:
            item.add_marker(pytest.mark.alone)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_unconfigure() -> None:
    shutil.rmtree(CACHE, ignore_errors=True)


@pytest.fixture(scope="session")
def cache() -> Path:
    """The session's cache folder, which `PLAYGROUND_CACHE` names for subprocesses too."""
    return CACHE


@pytest.fixture(scope="session")
def no_keras_to_clear() -> Iterator[None]:
    """Makes script runs in AppTest as short as in the app, whose process never imports Keras.

    After each run Streamlit clears the session of a loaded Keras, which collects the garbage of all that the
    tests have imported and takes three times as long as the script.
    """
    from streamlit.runtime.scriptrunner import script_runner
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder named by `PLAYGROUND_DATA`; skips where there is none."""
    folder = os.environ.get("PLAYGROUND_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PLAYGROUND_DATA names no folder with data")
    return Path(folder)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium to drive: the system's, or else Playwright's own.

    Without one the test is skipped, or fails where `PLAYGROUND_REQUIRE_BROWSER` is 1.
    """
    path = find_chromium()
    if path is None:
        message = "No Chromium: install Debian's chromium, or run `playwright install chromium`."
        if os.environ.get("PLAYGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def chromium_flags() -> list[str]:
    """Flags for Chromium: no sandbox in a container as root, and nothing sent anywhere."""
    return ["--no-sandbox", *QUIET]


def find_chromium() -> str | None:
    """The path of a Chromium, None where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None
