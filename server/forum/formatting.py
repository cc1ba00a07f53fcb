"""Light formatting of a post: what is typed as plain text, what of it is shown as a list, a quotation or a link.

Theory of operation. The text is escaped first, so that nothing in it is markup; then lines become paragraphs, lists
and quotations, and addresses become links whose words are the address itself, so that the host that is seen is the
host that is opened. The result goes through nh3 all the same: two locks on one door.
"""

import re
from html import escape
from itertools import groupby
from unicodedata import category

import nh3

_LINK = re.compile(r"https?://[^\s<>\"'，。；、（）《》【】]+[^\s<>\"'，。；、（）《》【】.,;:!?)]")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_TAGS = {"p", "br", "ul", "ol", "li", "strong", "a", "blockquote"}
_ITEM = re.compile(r"^(?:[-*·]|(\d{1,2})[.、])\s*")


def html_of(text: str) -> str:
    """The text of a post as HTML of `p br ul ol li strong a blockquote` and nothing else."""
    blocks = (_block(kind, list(lines)) for kind, lines in groupby(text.splitlines(), _kind) if kind)
    return nh3.clean(
        "".join(blocks), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )  # fmt: skip


def _kind(line: str) -> str:
    line = line.strip()
    if not line:
        return ""
    if line.startswith((">", "＞")):
        return "blockquote"
    found = _ITEM.match(line)
    if found is None:
        return "p"
    return "ol" if found[1] else "ul"


def _block(kind: str, lines: list[str]) -> str:
    if kind in {"ul", "ol"}:
        items = "".join(f"<li>{_inline(_ITEM.sub('', line.strip()))}</li>" for line in lines)
        return f"<{kind}>{items}</{kind}>"
    shown = [line.strip().lstrip(">＞").strip() if kind == "blockquote" else line.strip() for line in lines]
    return f"<{kind}>{'<br>'.join(map(_inline, shown))}</{kind}>"


def _honest(address: str) -> bool:
    """Whether what is read is where it leads: no name before the host, no sign that turns the reading round."""
    host = address.partition("://")[2].partition("/")[0]
    return host.isascii() and "@" not in host and not any(category(char) == "Cf" for char in address)


def _inline(text: str) -> str:
    parts, end = [], 0
    for found in filter(lambda each: _honest(each[0]), _LINK.finditer(text)):
        parts += [_words(text[end : found.start()]), f'<a href="{escape(found[0])}">{escape(found[0])}</a>']
        end = found.end()
    return "".join([*parts, _words(text[end:])])


def _words(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))
