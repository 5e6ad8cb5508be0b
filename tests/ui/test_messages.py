"""Text from outside in Markdown: it shows as it is written."""

import pytest

from ui.messages import JOINER, plain


@pytest.mark.parametrize("text", ["[a](https://example.org)", "<b>&lt;</b>", "$x$ :red[b] *c* `d` ~e~ | f",
                                  "- no list", "1. no list", "www.example.org", "a -> b <= c",
                                  "me@example.org"])
def test_nothing_is_left_that_means_anything_and_all_is_there(text):
    written = plain(text)
    assert written.replace("\\", "").replace(JOINER, "") == text
    for sign in "[]()<>&$:*`~|":
        assert f"{sign}" not in written.replace(f"\\{sign}", "")
    assert not written.startswith(("-", "1."))
    assert not any(text in written for text in ("www.", "http:", "https:", "->", "<=", "e@"))


def test_no_sign_turns_the_direction_of_what_follows():
    assert plain("\u202eexe.txt\u2066\u200f") == "\ufffdexe.txt\ufffd\ufffd"
    # Joiners belong to some languages' spelling.
    assert plain("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e"
