"""Screening: what is held, what is blocked, and what is left alone."""

import pytest

from server.screening import DenyList, Entry, screen

LISTS = DenyList(
    [Entry("刷学时", "cheating_offer", True), Entry("外围", "gambling", True), Entry("LuckyBet99", "gambling", True)]
)


@pytest.mark.parametrize(
    "text",
    [
        "有人刷 学\u3000时吗", "刷\u200b学\u2060时", "刷学學时", "刷⭐学🎓时", "刷<b></b>学时", "刷\n学\n时",
        "&#21047;学时", "刷1️⃣学时", "ＬｕｃｋｙＢｅｔ９９", "lUсkуВеt99", "刷̶学̶时̶",
    ],
)  # fmt: skip
def test_a_disguised_word_is_held(text: str) -> None:
    assert screen(text, LISTS).decision != "pass"


@pytest.mark.parametrize(
    "text", ["希望延长课间休息", "标语挂在室外,围栏也要修好", "刷牙,学习,时间", "", "。。。", "🎓" * 300]
)
def test_clean_text_passes(text: str) -> None:
    assert screen(text, LISTS).decision == "pass"


def test_a_word_written_out_is_blocked_and_marked_where_it_stands() -> None:
    verdict = screen("代人刷学时，价格优惠", LISTS)
    assert verdict.decision == "block"
    assert verdict.category == "cheating_offer"
    assert [(mark.begin, mark.end) for mark in verdict.marks] == [(2, 5)]


def test_a_disguised_word_is_never_blocked_because_the_match_is_not_certain() -> None:
    assert screen("刷.学.时", LISTS).decision == "hold"


@pytest.mark.parametrize("text", ["严禁刷学时", "如遇刷学时请举报", "防范LuckyBet99的宣传"])
def test_a_quotation_of_the_rules_is_held_at_most(text: str) -> None:
    assert screen(text, LISTS).decision == "hold"


def test_marks_point_into_the_text_as_written() -> None:
    text = "请看👉刷<i>学</i>时"
    mark = screen(text, LISTS).marks[0]
    assert text[mark.begin : mark.end] == "刷<i>学</i>时"


def test_an_empty_list_lets_everything_pass() -> None:
    assert screen("刷学时", DenyList([])).decision == "pass"
