"""The ideas as a document, for readers without the app.

After a change of `tables/ideas.toml`, write it again:

    python -m core.lessons.ideas > docs/learning.md
"""

from itertools import groupby

from core.lessons.articles import IDEAS

_DOCUMENT = """# Ideas to try

For teachers who want to see what there is to try before they start the app. In the app, the page **Learn**
has all of this under *Ideas*; there, each *name in italics* is a link that opens the stage or the page
**Agents**, ready to train. Copy those links for your class: they have the address of your own server.

Where there are several names, train them one after another in the same browser: the page keeps your runs and
draws their loss and accuracy curves over one another. **Share** on the stage makes such links from your own
settings, and locks or hides what a class should not change or see. The presets in the sidebar contain more
runs to diagnose; the diagnosis is shown when you ask for it.

This file is made from `core/lessons/tables/ideas.toml` by `python -m core.lessons.ideas`.
"""


GROUPS: tuple[str, ...] = tuple(dict.fromkeys(idea.group for idea in IDEAS.values()))


def document() -> str:
    """All ideas as a Markdown file, for readers without the app."""
    parts = [_DOCUMENT]
    for group, ideas in groupby(IDEAS.values(), lambda idea: idea.group):
        parts.append(f"\n## {group}\n\n")
        for idea in ideas:
            names = ", ".join(f"*{link.label}*" for link in idea.links)
            told = f" ({names})" if names else ""
            end = "" if idea.title.endswith("?") and not told else "."
            parts.append(f"- **{idea.title}**{told}{end} {' '.join(idea.text.split())}\n")
    return "".join(parts)


if __name__ == "__main__":
    print(document(), end="")
