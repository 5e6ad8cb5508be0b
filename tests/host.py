"""`python -m tests.host OPTIONS`: runs app.py as an ordinary script, as some hosts start an app."""

import sys

from streamlit.web import bootstrap


def options(arguments: list[str]) -> dict[str, object]:
    """`--server.port 8501` and the like, as `bootstrap.run` takes them."""
    values = [value == "true" if value in ("true", "false") else int(value) if value.isdigit() else value
              for value in arguments[1::2]]
    return {name[2:].replace(".", "_"): value for name, value in zip(arguments[::2], values, strict=True)}


if __name__ == "__main__":
    given = options(sys.argv[1:])
    bootstrap.load_config_options(given)
    bootstrap.run("app.py", False, [], given)
