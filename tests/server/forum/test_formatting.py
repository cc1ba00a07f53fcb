"""What is typed never becomes markup of its own; a link shows where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.forum.formatting import html_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[click](javascript:alert(1))",
    "javascript:alert(1)",
    "<a href='data:text/html,x'>x</a>",
    'https://good.example/"onmouseover="alert(1)',
    "**<b onclick=alert(1)>x</b>**",
    "- <iframe src=//evil.example>",
    "> <style>*{display:none}</style>",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_becomes_markup(text: str) -> None:
    shown = html_of(text)
    for tag in ("<script", "<img", "<svg", "<iframe", "<style", "<b ", 'href="javascript', 'href="data'):
        assert tag not in shown.lower()


@pytest.mark.parametrize(
    "address",
    ["https://www.gov.cn@evil.example/x", "https://evil.example/\u202egpj.exe", "https://\u0430pple.example/"],
    ids=["user", "turned", "look-alike"],
)
def test_an_address_that_reads_otherwise_than_it_leads_is_no_link(address: str) -> None:
    assert "<a" not in html_of(address)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("第一段\n\n第二段", "<p>第一段</p><p>第二段</p>"),
        ("一行\n又一行", "<p>一行<br>又一行</p>"),
        ("- 甲\n- 乙", "<ul><li>甲</li><li>乙</li></ul>"),
        ("1. 甲\n2、乙", "<ol><li>甲</li><li>乙</li></ol>"),
        ("> 引用\n我的话", "<blockquote>引用</blockquote><p>我的话</p>"),
        ("这是**重点**。", "<p>这是<strong>重点</strong>。</p>"),
        (
            "见 https://example.cn/a?b=1&c=2。",
            '<p>见 <a href="https://example.cn/a?b=1&amp;c=2" rel="noopener nofollow">'
            "https://example.cn/a?b=1&amp;c=2</a>。</p>",
        ),
        ("1 < 2 && 3 > 2", "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2</p>"),
    ],
    ids=["paragraphs", "lines", "list", "numbers", "quotation", "emphasis", "link", "signs"],
)
def test_light_formatting_is_shown(text: str, html: str) -> None:
    assert html_of(text) == html


@given(st.text(max_size=300))
def test_any_text_is_answered_with_nothing_but_the_allowed_tags(text: str) -> None:
    shown = html_of(text)
    for part in shown.split("<")[1:]:
        assert part.lstrip("/").split(">")[0].split(" ")[0] in {
            "p", "br", "ul", "ol", "li", "strong", "a", "blockquote",
        }  # fmt: skip
