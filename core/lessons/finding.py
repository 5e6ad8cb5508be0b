"""Finding articles by what somebody types."""

from collections.abc import Iterable

from core.lessons.articles import Article


def matching(articles: Iterable[Article], typed: str) -> list[Article]:
    """The articles that contain every word of `typed`, in any case; all of them for no word."""
    wanted = typed.casefold().split()
    return [article for article in articles if all(word in article.words.casefold() for word in wanted)]
