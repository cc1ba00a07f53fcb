"""The text of the regulation, by chapters and articles."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ARTICLE = re.compile(r"### (第.+?条) \{#art-(\d+)\}")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """One article: its number, heading (`第十二条`), chapter and paragraphs."""

    number: int
    heading: str
    chapter: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regulation:
    """The whole document."""

    title: str
    articles: tuple[ArticleText, ...]


@cache
def regulation() -> Regulation:
    """《安徽省干部网络培训管理办法》 as it came into force on 2019-11-09."""
    lines = (resources.files(__package__) / "data" / "regulation.zh.md").read_text("utf-8").splitlines()
    articles: list[ArticleText] = []
    title = chapter = ""
    for line in filter(None, lines):
        if line.startswith("# "):
            title = line.removeprefix("# ")
        elif line.startswith("## "):
            chapter = line.removeprefix("## ")
        elif head := _ARTICLE.fullmatch(line):
            articles.append(ArticleText(int(head[2]), head[1], chapter, ()))
        else:
            last = articles[-1]
            articles[-1] = ArticleText(last.number, last.heading, last.chapter, (*last.paragraphs, line))
    return Regulation(title, tuple(articles))
