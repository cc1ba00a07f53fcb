"""The regulation, the syllabus, violations and password profiles as they are shipped."""

import pytest

from server.rules.conduct import violations
from server.rules.passwords import password_rules, weaknesses
from server.rules.refusal import Article, Clause, Refusal, unknown
from server.rules.regulation import regulation
from server.rules.words import Family, syllabus


def test_the_regulation_has_twenty_articles_in_five_chapters() -> None:
    articles = regulation().articles
    assert [each.number for each in articles] == list(range(1, 21))
    assert len({each.chapter for each in articles}) == 5
    assert articles[11].heading == "第十二条"
    assert len(articles[16].paragraphs) == 3
    assert "不低于50学时" in articles[9].paragraphs[0]


def test_no_page_break_is_left_within_a_sentence() -> None:
    for article in regulation().articles:
        assert all(each[-1] in "。：；" for each in article.paragraphs)


def test_every_family_of_article_6_stands_in_the_syllabus_with_its_words() -> None:
    paragraphs = regulation().articles[5].paragraphs[1:]
    assert [each.family for each in syllabus()] == list(Family)
    for section, paragraph in zip(syllabus(), paragraphs, strict=True):
        assert section.title in paragraph
        assert len({topic.code for topic in section.topics}) == len(section.topics)


def test_a_violation_cites_article_12_or_13() -> None:
    assert {each.article for each in violations().values()} == {12, 13}
    assert violations()["secrets"].hold_on_report
    assert not violations()["cheating_offer"].block


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Jiangtang-2026", ()),
        ("Jt-2026", ("short",)),
        ("jiangtangketang", ("simple",)),
        ("Wangfang-2026!", ("personal",)),
        ("aA1aA1aA1aA1", ("repeated",)),
        ("Aa1-" * 33, ("long",)),
    ],
)
def test_weaknesses_of_a_new_password_are_named(password: str, found: tuple[str, ...]) -> None:
    assert weaknesses(password, password_rules("gov"), ["wangfang", "34"]) == found


def test_the_other_profile_asks_for_length_alone() -> None:
    assert weaknesses("jiangtangketang", password_rules("nist")) == ()


def test_a_refusal_carries_its_basis_as_text() -> None:
    assert str(Article(12)) == "art-12"
    assert str(Clause("live_min_ratio")) == "policy-live_min_ratio"
    refusal = Refusal("class.wrong_state", basis=Article(9), field="state", state="ended")
    assert (refusal.status, refusal.field, refusal.data) == (409, "state", {"state": "ended"})


def test_what_does_not_exist_is_refused_with_nothing_but_its_noun() -> None:
    refusal = unknown("class")
    assert (refusal.code, refusal.status, refusal.basis, refusal.data) == ("class.unknown", 404, None, {})


@pytest.mark.parametrize("code", ["class", "Class.unknown", "class.", "class.unknown!", "class.unknown.now"])
def test_a_code_is_a_noun_and_a_word(code: str) -> None:
    with pytest.raises(ValueError, match="refusal code"):
        Refusal(code)
