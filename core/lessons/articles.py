"""`IDEAS`, `TERMS`, `QUESTIONS` and `TEACHERS`: short texts with links to what shows them."""

from dataclasses import dataclass

from core.lessons.from_toml import TABLES, entries
from core.lessons.links import LabelledLink


@dataclass(frozen=True)
class Article:
    """A short text, and where to see what it says.

    Attributes:
        name: its key, as in `learn?idea=NAME`.
        group: the heading that it stands under.
        title, text: what it is about, and what there is to say; Markdown.
        links: what to open.
        card: the name of what the card has besides, such as something to move, see `ui.learn.cards`; empty
            for none.
        explains: the entries of the app's tables that the text is about, such as `field batch_size` or
            `layer Dense`.
    """

    name: str
    group: str
    title: str
    text: str
    links: tuple[LabelledLink, ...] = ()
    card: str = ""
    explains: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All that it says, to be searched."""
        return " ".join((self.title, self.text, *(link.label for link in self.links)))


IDEAS: dict[str, Article] = entries(TABLES / "ideas.toml", Article)
TERMS: dict[str, Article] = entries(TABLES / "terms.toml", Article)
QUESTIONS: dict[str, Article] = entries(TABLES / "questions.toml", Article)
TEACHERS: dict[str, Article] = entries(TABLES / "teachers.toml", Article)
# The word in an address that asks for one article.
ARTICLES = {"idea": IDEAS, "term": TERMS, "question": QUESTIONS}
