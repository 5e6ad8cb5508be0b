"""What we use of other packages although they do not promise to keep it, and the reason for each use.

An upgrade may take any of these away without a word. Then the test of its row fails and says what stops
working. The table is complete: a new private import, attribute or selector fails until it has a row.
"""

import ast
import importlib.metadata
import inspect
import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.private_uses import ROOT, attributes, imports, in_browser, sources


@dataclass(frozen=True)
class Api:
    """One piece of somebody else's insides.

    Attributes:
        name: its dotted name, with the parameters that we pass in parentheses; where the browser uses it, the
            text that the package's JavaScript must hold.
        users: the files that use it, separated by spaces.
        lost: what stops working without it.
    """

    name: str
    users: str
    lost: str

    @property
    def last(self) -> str:
        """The word by which its users' sources know it."""
        return self.name.partition("(")[0].rpartition(".")[2]


CONTEXT = "streamlit.runtime.scriptrunner_utils.script_run_context"
UPLOADS = "streamlit.runtime.uploaded_file_manager"

PYTHON = (
    # Streamlit: its runtime, server and messages.
    Api("streamlit.runtime.scriptrunner.get_script_run_ctx(suppress_warning)",
        "app.py ui/session/presses.py ui/form/address.py",
        "app.py cannot tell whether a host runs it as a script, one press of Step counts twice, and Back "
        "does not bring the settings back."),
    Api(f"{CONTEXT}.ScriptRunContext.is_history_navigation", "ui/form/address.py",
        "Back and Forward change the address, but not the settings."),
    Api(f"{CONTEXT}.get_script_run_ctx", "ui/form/upload_limits.py",
        "A page does not know its own session: its uploads cannot be limited."),
    Api(f"{CONTEXT}.ScriptRunContext.fragment_ids_this_run", "ui/session/presses.py",
        "A press that arrives twice, with a tick and by itself, counts twice."),
    Api(f"{CONTEXT}.ThreadState.get", "ui/session/presses.py",
        "Two quick presses of + in the sidebar count once, or a press that a tick brings counts twice."),
    Api(f"{CONTEXT}.FragmentThreadState.fragment_id", "ui/session/presses.py",
        "Two quick presses of + in the sidebar count once, or a press that a tick brings counts twice."),
    Api(f"{CONTEXT}.ScriptRunContext.session_id", "ui/form/upload_limits.py",
        "A learner is not told why an upload was refused."),
    Api(f"{CONTEXT}.ScriptRunContext.uploaded_file_mgr", "ui/form/upload_limits.py",
        "An uploaded file stays in memory after it was read."),
    Api("streamlit.runtime.pages_manager.PagesManager.uses_pages_directory", "app.py ui/session/runs.py",
        "A server's first visitor to /home gets the files of the folder `pages` instead of our navigation."),
    Api(f"{UPLOADS}.UploadedFile", "ui/form/table_upload.py ui/form/take_home.py ui/form/upload_limits.py",
        "The form cannot tell an upload from an empty field."),
    Api(f"{UPLOADS}.UploadedFile.file_id", "ui/form/upload_limits.py",
        "An uploaded file stays in memory after it was read."),
    Api(f"{UPLOADS}.UploadedFileRec(file_id, name, type, data)", "ui/form/upload_limits.py",
        "Uploads can neither be weighed nor dropped after reading."),
    Api("streamlit.runtime.exists", "ui/form/upload_limits.py", "Uploads are not limited on a host."),
    Api("streamlit.runtime.get_instance", "ui/form/upload_limits.py", "Uploads are not limited on a host."),
    Api("streamlit.runtime.Runtime.uploaded_file_mgr", "ui/form/upload_limits.py",
        "Uploads are not limited on a host."),
    Api("streamlit.runtime.Runtime.is_active_session", "ui/form/upload_limits.py",
        "Uploads to sessions that do not exist fill the memory."),
    Api("streamlit.runtime.Runtime.get_app_session", "ui/form/upload_limits.py",
        "A page does not say why an upload was refused."),
    Api("streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager.add_file(session_id, file)",
        "ui/form/upload_limits.py", "Uploads are not limited on a host."),
    Api("streamlit.runtime.app_session.AppSession._client_state", "ui/form/upload_limits.py",
        "A page does not say why an upload was refused until the learner presses something."),
    Api("streamlit.runtime.app_session.AppSession.request_rerun", "ui/form/upload_limits.py", "The same."),
    Api("streamlit.config.get_option", "ui/form/upload_limits.py", "The size of uploads is not limited."),
    Api("streamlit.web.server.server_util.is_url_from_allowed_origins", "ui/live/stream.py",
        "The stream cannot refuse other websites."),
    Api("streamlit.web.server.starlette.starlette_websocket.is_host_allowed", "ui/live/stream.py",
        "The stream cannot refuse wrong host names."),
    # Keras and JAX.
    Api("keras.src.backend.common.global_state.set_global_attribute(name, value)", "core/training/model.py",
        "Keras draws first values after all, in the next trace."),
    Api("keras.src.backend.common.variables.Variable._initializer", "core/training/initial.py",
        "First weights cannot be drawn by NumPy: each start waits for compiled draws."),
    Api("keras.src.backend.common.masking.get_keras_mask(x)", "core/training/looking.py",
        "The picture of attention shows that words look at the padding."),
    Api("keras.layers.BatchNormalization._moments(inputs, mask)", "core/training/normalization.py",
        "Batch normalization counts the examples that only fill up the last batch."),
    Api("keras.layers.MaxPooling2D.data_format", "core/training/pooling.py core/training/convolution.py",
        "Fast pooling and convolution cannot tell when they apply."),
    Api("keras.optimizers.Optimizer._get_variable_index", "core/training/freezing.py",
        "Layers that were taken over learn as fast as new ones."),
    Api("jax.stages.Compiled.memory_analysis", "core/training/limits.py",
        "A step that needs too much memory is not refused, and may take its worker down."),
    Api("jax.stages.Compiled.cost_analysis", "core/training/limits.py",
        "A step that takes too long is not refused."),
    Api("jax.stages.Lowered.compile(compiler_options)", "core/training/compile.py",
        "Small networks take longer to compile."),
    # Dask.
    Api("distributed.worker.Worker.state", "core/cluster/run_tasks.py",
        "A paused run whose page server is gone holds its thread for ever."),
    Api("distributed.worker_state_machine.WorkerState.tasks", "core/cluster/run_tasks.py", "The same."),
    Api("distributed.worker.Worker.log_event(topic, msg)", "core/cluster/run_tasks.py",
        "Workers cannot tell what became of a run."),
    Api("distributed.worker.Worker.loop", "core/cluster/run_tasks.py", "The same."),
    Api("distributed.Client.subscribe_topic(topic, handler)", "core/cluster/connection.py", "The same."),
    Api("distributed.Client.loop", "core/cluster/dispatcher.py core/cluster/study_service.py",
        "Commands do not reach a run that trains."),
    Api("distributed.scheduler.Scheduler.identity(n_workers)", "core/cluster/workers.py",
        "The page server does not know which workers there are."),
    Api("distributed.cli.dask_worker", "core/cluster/worker_process.py", "No worker starts."),
    Api("dask.config.serialize", "core/cluster/worker_process.py", "A worker does not get its certificate."),
    Api("dask.config.global_config", "core/cluster/worker_process.py",
        "A worker does not get its certificate."),
)

PLOTLY = tuple(Api(name, "static/live_lines.js", "Curves do not flow between two drawings by Plotly.")
               for name in ("calcdata", "node3", "js-line", "c2p", "_length")) + (
    *(Api(name, "static/live_sketch.js static/paint.js static/paint_axes.js",
          "Plotly alone draws charts, ten times as slowly, and nothing can be sketched on them.")
      for name in ("_offset", "_length")),
    *(Api(name, "static/paint.css", "What Plotly drew shines through what is painted over it.")
      for name in ("svg-container", "cartesianlayer", "layer-below", "layer-above", "infolayer", "overplot",
                   "gridlayer")),
    Api("_fullLayout", "static/chart.js static/live_follow.js static/live_lines.js static/live_sketch.js "
        "static/paint.js static/plot.js",
        "Charts do not follow the size of their cards."),
    *(Api(name, "static/plot.js", "Reset axes leads back to the ends of the data before.")
      for name in ("_rangeInitial0", "_rangeInitial1")),
    # d3 puts the second text of `currency` behind numbers whose format begins with "$".
    Api("currency", "static/live_theme.js", "Charts write 83.3% instead of 83.3 %."),
)

_LAID_OUT = ("stApp", "stMainBlockContainer", "stVerticalBlock")
_PRINTED = ("stApp", "stHeader", "stMainBlockContainer", "stVerticalBlock")
PAGE = tuple(Api(name, "static/page.css" + " static/stage_page.css" * (name in _LAID_OUT)
                 + " static/paper_page.css" * (name in _PRINTED), lost)
             for name, lost in {
    "stAlert": "Nobody sees why a link was refused.",
    "stApp": "Captions and buttons lose their contrast.",
    "stBaseButton-primary": "Train loses its contrast.",
    "stCaption": "The words below the view's choices are as wide as the page.",
    "stCaptionContainer": "Captions lose their contrast.",
    "stButton": "Without a stream, a run's buttons take two rows.",
    "stHeader": "The page's header takes room from the charts.",
    "stMainBlockContainer": "The page wastes its width.",
    "stMarkdown": "Formulas and tables run over the edge.",
    "stMultiSelectTagsContainer": "Chosen names lose their contrast.",
    "stProgress": "Nobody sees how far a download is.",
    "stSidebar": "The sidebar wastes its height.",
    "stSidebarHeader": "The sidebar wastes its height.",
    "stSidebarUserContent": "The sidebar wastes its height.",
    "stTable": "Tables run over the edge.",
    "stVerticalBlock": "The sidebar wastes its height, and the stage begins lower.",
    "stWidgetLabel": "The sidebar wastes its height; without a stream, pace and steps take two rows.",
}.items()) + tuple(Api(name, "static/learn.css", "Learn has small texts, and links that look like text.")
                   for name in ("stMarkdown", "stPageLink")) + tuple(
    Api(name, "static/no_sidebar.css", "Pages without settings may keep an empty sidebar.")
    for name in ("stSidebar", "stExpandSidebarButton")) + (
    *(Api(name, "static/stage_page.css", "On phones, the fields of a kernel stand below each other.")
      for name in ("stColumn", "stHorizontalBlock")),)


@pytest.mark.parametrize("api", PYTHON, ids=lambda api: f"{api.last}")
def test_package_still_has(api: Api) -> None:
    name, _, parameters = api.name.rstrip(")").partition("(")
    owner, _, last = name.rpartition(".")
    assert has(found(owner), last), gone(api)
    if parameters:
        taken = inspect.signature(getattr(found(owner), last)).parameters
        assert set(parameters.split(", ")) <= set(taken), gone(api)


def test_plotly_still_has() -> None:
    """The wheel holds Plotly.js where ui/assets.py copies it from, and in it what our scripts reach into."""
    bundle = folder("plotly") / "package_data" / "plotly.min.js"
    assert bundle.is_file(), f"plotly {version('plotly')} no longer ships {bundle.name}: no page has a chart."
    text = bundle.read_text("utf-8")
    for api in PLOTLY:
        assert api.name in text, gone(api, "plotly")


def test_streamlit_page_still_has() -> None:
    scripts = (folder("streamlit") / "static" / "static" / "js").glob("*.js")
    text = "\n".join(script.read_text("utf-8") for script in scripts)
    for api in PAGE:
        # The kind of a button is put behind its name as the page is drawn.
        assert api.name.partition("-")[0] in text, gone(api, "streamlit")


def test_dask_still_knows_our_settings() -> None:
    """Dask ignores a setting that it does not know."""
    import dask
    import distributed

    from core.cluster.workers import DASK
    assert distributed
    known = dask.config.merge(*dask.config.defaults)
    for name in DASK:
        assert dask.config.get(name, None, config=known) is not None, (
            f"dask {version('dask')} no longer knows {name}: core/cluster/workers.py sets it in vain.")
    inherited = "DASK_INTERNAL_INHERIT_CONFIG"
    assert inherited in inspect.getsource(dask.config), (
        f"dask {version('dask')} no longer reads {inherited}: workers do not get their certificate.")


def test_xla_still_has_our_option() -> None:
    """Without it core/training/compile.py takes longer to compile small networks, and says nothing."""
    import jax

    from core.training.compile import QUICK
    options: dict[str, str | bool] = {**QUICK}
    jax.jit(jax.numpy.sin).lower(1.0).compile(compiler_options=options)


def test_table_is_complete() -> None:
    """Whatever private thing a source uses has a row that names this source."""
    rows = {(file, api.name.partition("(")[0])
            for api in (*PYTHON, *PLOTLY, *PAGE) for file in api.users.split()}
    nodes = sources()
    for file, name in (*imports(nodes), *attributes(nodes), *in_browser()):
        known = any(file == of and (row == name or row.startswith(f"{name}.") or row.endswith(f".{name}"))
                    for of, row in rows)
        assert known, f"{file} uses {name}, which an upgrade may take away: give it a row in {__name__}."


def test_rows_are_still_needed() -> None:
    for api in (*PYTHON, *PLOTLY, *PAGE):
        for file in api.users.split():
            text = (ROOT / file).read_text("utf-8") if (ROOT / file).exists() else ""
            assert re.search(rf"(?<![\w-]){re.escape(api.last)}(?![\w-])", text), (
                f"{file} no longer uses {api.name}: take it out of the table.")


def test_what_the_checks_refuse(tmp_path: Path) -> None:
    """Each check sees what it is there for."""
    import streamlit.runtime.app_session as installed
    assert not has(installed.AppSession, "_of_another_version")
    nodes = {"a.py": list(ast.walk(ast.parse(
        "from keras.src import tree\nimport jax._src.core\nfrom streamlit import columns, config\n"
        "model._layers\nself._own\nnumbers._replace()\nclass A:\n def _hook(self): super()._hook()")))}
    assert [name for _, name in imports(nodes)] == ["keras.src.tree", "jax._src.core", "streamlit.config"]
    assert [name for _, name in attributes(nodes)] == ["_layers", "_hook"]
    (tmp_path / "a.js").write_text('// a._no\nconst {_length} = chart._context\ndocument._own = "_text"')
    (tmp_path / "a.css").write_text("/* .stNo */ .stApp .st-key-x [data-testid='stForm'] {}")
    assert [name for _, name in in_browser(tmp_path)] == ["stApp", "stForm", "_context", "_length"]


def gone(api: Api, package: str = "") -> str:
    package = package or api.name.partition(".")[0]
    return (f"{package} {version(package)} no longer has {api.name}, which {' and '.join(api.users.split())} "
            f"used. What stops working: {api.lost}")


def version(package: str) -> str:
    return importlib.metadata.version(package)


def folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def found(name: str) -> Any:
    """The module or class of this dotted name; None if there is none."""
    try:
        return import_module(name)
    except ImportError:
        owner, _, last = name.rpartition(".")
        return getattr(found(owner), last, None) if owner else None


def has(owner: Any, name: str) -> bool:
    """Whether `owner` has something of this name; a class, also where its objects alone do."""
    if hasattr(owner, name):
        return True
    if inspect.ismodule(owner):
        return bool(getattr(owner, "__path__", None)) and find_spec(f"{owner.__name__}.{name}") is not None
    if hasattr(owner, "DESCRIPTOR"):
        return name in owner.DESCRIPTOR.fields_by_name
    sets = re.compile(rf"\bself\.{name}\b(: [^=\n]+)? = ")
    return inspect.isclass(owner) and any(
        name in vars(one).get("__annotations__", {}) or sets.search(inspect.getsource(one))
        for one in owner.__mro__ if one.__module__ not in ("builtins", "abc", "typing"))
