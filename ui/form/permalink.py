"""RunConfig to query parameters and back: the only code that reads and writes the address.

Every field is written, defaults too, so a link keeps its meaning when a default changes. Parameters of an
architecture or optimizer are dotted: `architecture.hidden_units=16-16`. Where a run starts from another one,
`start` says so as JSON, in short. The link of a lesson is its name, and what the learner may change.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.datasets.table_dataset import without_table
from core.lessons.attempt import changeable
from core.lessons.lesson import Lesson
from core.lessons.reading import lessons
from core.parameters import FieldError, Parameter, field_name, short_repr
from core.runs.config import RunConfig
from core.runs.fields import LATER, NESTED, PARAMETERS
from ui.form import view
from ui.form.address import Address

FIELDS = tuple(entry.name for entry in dataclasses.fields(RunConfig) if entry.name != "start")
HIDDEN, LOCKED, START, LESSON = "hide", "lock", "start", "lesson"
# A learner's own table stays with the learner: links do not name it, and a name in a link is ignored.
UPLOADED = "digest"
# Most characters of one value: room for forty layers, or three hundred points.
LONGEST = 8000
# A link with a start has at most this many characters: some programs cut longer ones.
LONGEST_LINK = 6000
TOO_LONG = ("What this run starts from is too much for a link. Use Take it home instead: the configuration "
            "file has all of it.")
OWN_TABLE = ("This run starts from a run on your own table, which a link cannot name. Use Take it home: "
             "whoever opens the configuration file uploads the table first.")
_PLAIN_START = {"learning_rates": [], "edits": [], "layers": "all", "frozen": "none"}


@dataclass(frozen=True)
class Link:
    """The content of an address.

    Attributes:
        hidden, locked: fields that a teacher hid or locked.
        view: how the stage is looked at, every field of `ui.form.view.VIEW`.
        refused: why the link was not followed; the config is then the default one.
        lesson: the name of the lesson that it opens; empty for none.
    """

    config: RunConfig
    hidden: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    view: Mapping[str, Any] = dataclasses.field(default_factory=view.defaults)
    refused: FieldError | None = None
    lesson: str = ""


def to_params(config: RunConfig, hidden: frozenset[str] = frozenset(), locked: frozenset[str] = frozenset(),
              seen: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The query parameters of a config; `from_params` turns them back into it.

    seen: how the stage is looked at; only what is not at its default is written.
    """
    params = {}
    later = {name: getattr(config, name) for name in LATER}
    for name, value in (config.to_dict() | later).items():
        if name == START:
            params[name] = json.dumps(_short_start(value), separators=(",", ":"))
        elif name in NESTED:
            known = _known(name, config.to_dict())
            params |= {f"{NESTED[name].prefix}.{key}": known[key].format(item)
                       for key, item in getattr(config, name).items() if key != UPLOADED}
        else:
            params[name] = PARAMETERS[name].format(value)
    for name, fields in ((HIDDEN, hidden), (LOCKED, locked)):
        if fields:
            params[name] = ",".join(field for field in FIELDS if field in fields)
    return params | _seen(seen or {})


def of_lesson(lesson: Lesson, config: RunConfig, seen: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The query parameters of a lesson: its name, and the fields that it lets the learner change."""
    fields = changeable(lesson)
    free = {name: text for name, text in to_params(config).items() if _field(name) in fields}
    return {LESSON: lesson.name} | free | _seen(seen or {})


def _seen(seen: Mapping[str, Any]) -> dict[str, str]:
    return {name: view.VIEW[name].format(value) for name, value in seen.items()
            if value != view.VIEW[name].default}


def _field(name: str) -> str:
    """The field that a query parameter is about."""
    prefixes = {own.prefix: field for field, own in NESTED.items()}
    prefix, _, own = name.partition(".")
    return prefixes.get(prefix, name) if own else name


def unlinkable(config: RunConfig, params: Mapping[str, str]) -> str:
    """Why no link may be offered for a config with a start; empty if it may. params: of the link."""
    if config.start is None:
        return ""
    if UPLOADED in config.dataset_parameters:
        return OWN_TABLE
    return TOO_LONG if len(urlencode(params)) > LONGEST_LINK else ""


def _short_start(start: Mapping[str, Any]) -> dict[str, Any]:
    """A start without what is so anyway."""
    short = {name: value for name, value in start.items() if value != _PLAIN_START.get(name)}
    inner = start["config"].get(START)
    return short | {"config": start["config"] | {START: _short_start(inner)}} if inner else short


def _start(text: str) -> Any:
    """What a link says of its start. Raises `FieldError` for what is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise FieldError(START, f'{START} must be JSON such as {{"at":160}}, got '
                         f"{short_repr(text)}.") from None


def from_params(params: Mapping[str, str]) -> Link:
    """The config in the query parameters. Never raises: `Link.refused` says what was wrong."""
    try:
        return _of_lesson(params) if LESSON in params else _read(params)
    except FieldError as error:
        return Link(RunConfig(), refused=error)


def _of_lesson(params: Mapping[str, str]) -> Link:
    """What the link of a lesson opens. Raises `FieldError` for what the lesson does not leave free."""
    known, name = lessons(), params[LESSON]
    if name not in known:
        raise FieldError(LESSON, f"There is no lesson called {short_repr(name[:40])}. Choose one of "
                         f"{', '.join(known)}.")
    lesson, fields = known[name], changeable(known[name])
    own = {key: text for key, text in params.items() if key != LESSON}
    for key in own:
        if key not in view.VIEW and _field(key) not in fields:
            raise FieldError(_field(key), f"The lesson {lesson.title} sets {short_repr(key[:40])} itself. "
                             "Remove that from the link.")
    # Another architecture has other parameters of its own.
    replaced = {field for field, entry in NESTED.items() if entry.choice in own}
    begun = {key: text for key, text in to_params(lesson.config).items()
             if _field(key) == key or _field(key) not in replaced}
    # Those in the link may belong to the architecture of the lesson's challenge.
    fitting = {key: text for key, text in own.items()
               if _field(key) == key or key.partition(".")[2] in _known(_field(key), begun | own)}
    return dataclasses.replace(_read(begun | fitting), lesson=name)


def _known(field: str, values: Mapping[str, Any]) -> dict[str, Parameter]:
    """The own parameters that `field` has if the other fields have these `values`."""
    entry = NESTED[field].entry(values)
    return {parameter.name: parameter for parameter in entry.parameters} if entry else {}


def _read(params: Mapping[str, str]) -> Link:
    values: dict[str, Any] = {field: {} for field in NESTED}
    sets = {HIDDEN: frozenset[str](), LOCKED: frozenset[str]()}
    seen = view.defaults()
    prefixes = {own.prefix: field for field, own in NESTED.items()}
    for name, text in params.items():
        if len(text) > LONGEST:
            raise FieldError(field_name(name), f"{field_name(name)} must be at most {LONGEST} characters "
                             f"long, got {len(text)}.")
        prefix, _, own = name.partition(".")
        if name == START:
            values[START] = _start(text)
        elif name in sets:
            sets[name] = _fields(name, text)
        elif own and prefix in prefixes:
            field = prefixes[prefix]
            known = _known(field, params)
            values[field][own] = known[own].parse(text) if own in known else text
        elif name in PARAMETERS:
            values[name] = PARAMETERS[name].parse(text)
        elif name in view.VIEW:
            seen[name] = view.VIEW[name].check(view.VIEW[name].parse(text))
        else:
            names = (allowed if allowed in PARAMETERS else f"{NESTED[allowed].prefix}.*"
                     for allowed in FIELDS)
            # One that is far too long is not repeated as a whole.
            raise FieldError(field_name(name), f"A link has no field {short_repr(name[:24])}; it has "
                             f"{', '.join(names)}, {START}, {HIDDEN}, {LOCKED}, {LESSON}, "
                             f"{', '.join(view.VIEW)}.")
    return Link(RunConfig.from_dict(without_table(values)), sets[HIDDEN], sets[LOCKED], seen)


def _fields(name: str, text: str) -> frozenset[str]:
    chosen = frozenset(text.split(",")) - {""}
    for field in sorted(chosen):
        if field not in FIELDS:
            raise FieldError(name,
                             f"{name} must list fields out of {', '.join(FIELDS)}, got {short_repr(field)}.")
    return chosen


ADDRESS = Address("_address")


def opened() -> Link | None:
    """What the address says, if somebody opened it; None otherwise."""
    try:
        params = ADDRESS.opened()
    except FieldError as error:
        return Link(RunConfig(), refused=error)
    return None if params is None else from_params(params)


def write(config: RunConfig, hidden: frozenset[str], locked: frozenset[str],
          seen: Mapping[str, Any] | None = None, lesson: Lesson | None = None) -> None:
    """Write this configuration to the address. seen: how the stage is looked at. lesson: the one it is of."""
    params = of_lesson(lesson, config, seen) if lesson else to_params(config, hidden, locked, seen)
    if unlinkable(config, params):
        del params[START]
    ADDRESS.write(params)
