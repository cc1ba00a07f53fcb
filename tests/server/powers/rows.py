"""The fill-table: for every route, message and topic what it is about and a body that would be right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.people import an_identity_number

Ids = Mapping[str, str]
Fill = Callable[[Ids], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """`about`: which target the power is asked about (none for lists and one's own affairs).

    `own`: only the owner gets an answer, and nobody who asks here is one. `body`: the body or the data of
    a message, `topic` the name of a topic. `listed`: the path parameter whose ids a list shows, `query`
    with which query; `listed_about`: the target that decides whether it is shown.
    """

    about: str = ""
    own: bool = False
    body: Fill | None = None
    topic: Fill | None = None
    listed: str = ""
    listed_about: str = ""
    query: str = ""


def _nothing(_ids: Ids) -> dict[str, Any]:
    return {}


def _enrol(ids: Ids) -> dict[str, Any]:
    return {
        "name": "李四", "identity_number": an_identity_number(900), "staff_number": "Z900", "unit": ids["unit_id"],
        "managing_authority": ids["unit_id"], "category": "village",
    }  # fmt: skip


def _plan(ids: Ids) -> dict[str, Any]:
    return {
        "title": "课", "lecturer": ids["person_id"], "family": "capability", "starts_at": "2026-09-20T01:00:00Z",
        "planned_minutes": 90, "audience_unit": ids["unit_id"],
    }  # fmt: skip


def _topic_plan(ids: Ids) -> dict[str, Any]:
    dates = {"begins_at": "2026-09-20T01:00:00Z", "ends_at": "2026-10-20T01:00:00Z"}
    return {"title": "专题班", "unit": ids["unit_id"], **dates}


def _place(ids: Ids) -> dict[str, Any]:
    return {"kind": "class", "id": ids["class_id"]}


def _stay(ids: Ids) -> dict[str, Any]:
    return {"stay": ids["stay_id"]}


def _beats(ids: Ids) -> dict[str, Any]:
    beat = {"seq": 1, "position_ms": 0, "rate": 1, "since_previous_ms": 0, "playing": True, "visible": True}
    return _stay(ids) | {"beats": [beat | {"ended": False}]}


def _sanction(_ids: Ids) -> dict[str, Any]:
    return {"kind": "warning", "basis": "art-12", "reason": "请注意", "draft": str(uuid4())}


def _exemption(_ids: Ids) -> dict[str, Any]:
    return {"year": 2026, "ground": "illness", "document": "皖组〔2026〕12号"}


_REASON = {"reason": "理由"}
_TOPIC = "/api/v1/topic-classes/{topic_class_id}"
_CLASS = "/api/v1/classes/{class_id}"
_PERSON = "/api/v1/people/{person_id}"

PEOPLE: dict[str, Row] = {
    "GET /api/v1/session": Row(),
    "POST /api/v1/session": Row(body=lambda _: {"account": "X", "password": "x"}),
    "DELETE /api/v1/session": Row(),
    "GET /api/v1/me/profile": Row(),
    "POST /api/v1/me/password": Row(body=lambda _: {"old": "x", "new": "y"}),
    "POST /api/v1/me/terms": Row(),
    "GET /api/v1/me/devices": Row(),
    "DELETE /api/v1/me/devices/{session_id}": Row(own=True),
    "GET /api/v1/me/looks": Row(),
    "PATCH /api/v1/me/settings": Row(body=_nothing),
    "POST /api/v1/password-resets": Row(body=lambda _: {"account": "X"}),
    "POST /api/v1/password-resets/confirm": Row(body=lambda _: {"account": "X", "code": "1", "password": "x"}),
    "GET /api/v1/units": Row(listed="unit_id", listed_about="unit"),
    "GET /api/v1/people": Row(listed="person_id", listed_about="person", query="?size=100"),
    "POST /api/v1/people": Row(body=_enrol),
    "POST /api/v1/people/password-resets": Row(body=lambda ids: {"people": [ids["person_id"]]}),
    f"GET {_PERSON}": Row("person"),
    f"PATCH {_PERSON}": Row("person", body=lambda _: {"version": 1, "rank": "厅级"}),
    f"POST {_PERSON}/stop": Row("person", body=lambda _: {"reason": "retired"}),
    f"POST {_PERSON}/start": Row("person"),
    f"POST {_PERSON}/password-reset": Row("person"),
    f"POST {_PERSON}/sign-out": Row("person"),
    f"GET {_PERSON}/roles": Row("person"),
    f"POST {_PERSON}/roles": Row("person", body=lambda _: {"role": "auditor", "scope_kind": "all"}),
    f"DELETE {_PERSON}/roles/{{role_id}}": Row("person"),
}

MODERATION: dict[str, Row] = {
    "GET /api/v1/desk/items": Row(listed="post_id", listed_about="post", query="?state=held"),
    "GET /api/v1/desk/choices": Row(listed="class_id", listed_about="post", query="?state=held"),
    "GET /api/v1/desk/items/{post_id}": Row("post"),
    "GET /api/v1/desk/items/{post_id}/versions": Row("post"),
    "POST /api/v1/desk/items/{post_id}/claim": Row("post"),
    "POST /api/v1/desk/items/{post_id}/release": Row("post"),
    "POST /api/v1/desk/items/{post_id}/decision": Row("post", body=lambda _: {"version": 1, "decision": "approve"}),
    "POST /api/v1/desk/decisions/{decision_id}/undo": Row("post"),
    "GET /api/v1/desk/reviews": Row(listed="review_id", listed_about="review"),
    "POST /api/v1/desk/reviews/{review_id}/decision": Row("review", body=lambda _: {"decision": "confirm"} | _REASON),
    "POST /api/v1/posts/{post_id}/report": Row("post", body=lambda _: {"kind": "insult"} | _REASON),
    "POST /api/v1/posts/{post_id}/withdraw": Row(own=True),
    "POST /api/v1/posts/{post_id}/review": Row(own=True, body=lambda _: {"text": "请再看"}),
    f"POST {_PERSON}/sanctions": Row("person", body=_sanction),
    "GET /api/v1/desk/sanctions": Row(listed="sanction_id", listed_about="sanction"),
    "POST /api/v1/desk/sanctions/{sanction_id}/confirm": Row("sanction"),
    "POST /api/v1/desk/sanctions/{sanction_id}/refuse": Row("sanction"),
    "GET /api/v1/me/posts": Row(),
    "TOPIC desk": Row(topic=lambda _: "desk"),
}

_BOARD = "/api/v1/forum/boards/{board_id}"
_THREAD = "/api/v1/forum/threads/{thread_id}"


def _thread(_ids: Ids) -> dict[str, Any]:
    return {"title": "题目", "text": "好", "draft": str(uuid4())}


FORUM: dict[str, Row] = {
    "GET /api/v1/forum/boards": Row(),
    "POST /api/v1/forum/boards": Row(body=lambda _: {"title": "学习体会"}),
    f"PATCH {_BOARD}": Row(own=True, body=_nothing),
    f"GET {_BOARD}/threads": Row(own=True),
    f"POST {_BOARD}/threads": Row(own=True, body=_thread),
    f"GET {_BOARD}": Row(own=True),
    "GET /api/v1/forum/following": Row(),
    "GET /api/v1/forum/search": Row(query="?q=%E5%AD%A6%E4%B9%A0"),
    f"GET {_THREAD}": Row(own=True),
    f"GET {_THREAD}/posts": Row(own=True),
    f"POST {_THREAD}/posts": Row(own=True, body=lambda _: {"text": "好", "draft": str(uuid4())}),
    f"PUT {_THREAD}/follow": Row(own=True),
    f"DELETE {_THREAD}/follow": Row(own=True),
    f"PUT {_THREAD}/read": Row(own=True, body=lambda _: {"number": 1}),
    "PATCH /api/v1/forum/posts/{post_id}": Row(own=True, body=lambda _: {"text": "好", "version": 1}),
    "GET /api/v1/forum/posts/{post_id}/versions": Row(own=True),
    "TOPIC thread": Row(own=True, topic=lambda ids: f"thread:{ids['thread_id']}"),
    "PUT /api/v1/forum/boards/{board_id}/pause": Row(body=lambda _: {"reason": "请先冷静"}),
    "DELETE /api/v1/forum/boards/{board_id}/pause": Row(),
    "PUT /api/v1/forum/threads/{thread_id}/pause": Row(body=lambda _: {"reason": "请先冷静"}),
    "DELETE /api/v1/forum/threads/{thread_id}/pause": Row(),
    "POST /api/v1/pictures": Row(),
    "GET /api/v1/forum/pictures/{picture_id}": Row(own=True),
    "TOPIC board": Row(own=True, topic=lambda ids: f"board:{ids['board_id']}"),
}

TOPIC_CLASSES: dict[str, Row] = {
    "GET /api/v1/topic-classes": Row(listed="topic_class_id", listed_about="topic_class"),
    "POST /api/v1/topic-classes": Row(body=_topic_plan),
    f"GET {_TOPIC}": Row("topic_class"),
    f"DELETE {_TOPIC}": Row("topic_class"),
    f"PATCH {_TOPIC}/plan": Row("topic_class", body=lambda _: {"version": 1, "title": "新"}),
    f"POST {_TOPIC}/publish": Row("topic_class"),
    f"GET {_TOPIC}/modules": Row("topic_class"),
    f"PUT {_TOPIC}/modules": Row("topic_class", body=lambda _: {"version": 1, "modules": []}),
    f"POST {_TOPIC}/roster": Row("topic_class", body=_nothing),
    f"DELETE {_TOPIC}/roster/{{person_id}}": Row("topic_class"),
    f"POST {_TOPIC}/enrolment": Row("topic_class"),
    f"DELETE {_TOPIC}/enrolment": Row("topic_class"),
    "TOPIC topic_class": Row("topic_class", topic=lambda ids: f"topic_class:{ids['topic_class_id']}"),
    "GET /api/v1/topic-class-units": Row(listed="unit_id", listed_about="unit"),
    f"GET {_TOPIC}/units": Row("topic_class"),
    f"GET {_TOPIC}/candidates": Row("topic_class", query="?q=%E7%8E%8B"),
    f"GET {_TOPIC}/members": Row("topic_class"),
    f"GET {_TOPIC}/progress": Row("topic_class"),
    f"GET {_TOPIC}/completion": Row("topic_class"),
    f"POST {_TOPIC}/reminders": Row("topic_class", body=lambda _: {"people": []}),
    f"GET {_TOPIC}/why": Row("topic_class"),
    f"GET {_TOPIC}/calendar.ics": Row("topic_class"),
    f"GET {_TOPIC}/file.pdf": Row("topic_class"),
    f"GET {_TOPIC}/file.xlsx": Row("topic_class"),
    "GET /api/v1/me/calendar": Row(),
    "POST /api/v1/me/calendar": Row(),
    "DELETE /api/v1/me/calendar": Row(),
    "GET /api/v1/calendars/{secret}.ics": Row(),
    f"GET {_PERSON}/topic-classes/{{topic_class_id}}/why": Row("person"),
    f"GET {_TOPIC}/announcements": Row("topic_class"),
    f"POST {_TOPIC}/announcements": Row("topic_class", body=lambda _: {"text": "开班", "draft": str(uuid4())}),
}

LIVE: dict[str, Row] = {
    "GET /api/v1/classes": Row(listed="class_id", listed_about="class"),
    f"GET {_CLASS}": Row("class"),
    "POST /api/v1/classes": Row(body=_plan),
    f"PATCH {_CLASS}": Row("class", body=lambda _: {"version": 1, "title": "新"}),
    f"POST {_CLASS}/cancel": Row("class"),
    f"PUT {_CLASS}/staff": Row("class", body=lambda ids: {"lecturers": [ids["person_id"]], "assistants": []}),
    f"POST {_CLASS}/open": Row("class"),
    f"POST {_CLASS}/rehearse": Row("class"),
    f"POST {_CLASS}/start": Row("class"),
    f"POST {_CLASS}/pause": Row("class", body=_nothing),
    f"POST {_CLASS}/resume": Row("class"),
    f"POST {_CLASS}/end": Row("class"),
    f"POST {_CLASS}/cut": Row("class", body=lambda _: {"basis": "art-12"} | _REASON),
    f"POST {_CLASS}/publishing": Row("class", body=_nothing),
    f"POST {_CLASS}/encoder-key": Row("class"),
    f"DELETE {_CLASS}/encoder-key": Row("class"),
    f"POST {_CLASS}/viewing": Row("class", body=_nothing),
    f"PUT {_CLASS}/prepared": Row("class"),
    f"GET {_CLASS}/prepared": Row("class"),
    f"POST {_CLASS}/prepared/play": Row("class"),
    f"GET {_CLASS}/room": Row("class"),
    f"GET {_CLASS}/posts": Row("class"),
    f"PATCH {_CLASS}/speaking": Row("class", body=_nothing),
    "MESSAGE post.write": Row("class", body=lambda ids: {"place": _place(ids), "text": "好", "draft": str(uuid4())}),
    "MESSAGE post.withdraw": Row(own=True, body=lambda ids: {"post": ids["post_id"]}),
    "TOPIC class": Row("class", topic=lambda ids: f"class:{ids['class_id']}"),
    "TOPIC class:staff": Row("class", topic=lambda ids: f"class:{ids['class_id']}:staff"),
    "POST /api/internal/media-events": Row(),
    "POST /api/internal/encoder-keys/check": Row(),
}

STUDY: dict[str, Row] = {
    "MESSAGE stay.open": Row("class", body=lambda ids: {"activity": _place(ids), "device": "办公电脑"}),
    "MESSAGE stay.take": Row(own=True, body=_stay),
    "MESSAGE stay.rest": Row(own=True, body=lambda ids: _stay(ids) | {"resting": True}),
    "MESSAGE beat.send": Row(own=True, body=_beats),
    "MESSAGE check.shown": Row(own=True, body=lambda ids: {"check": ids["check_id"]}),
    "MESSAGE check.answer": Row(own=True, body=lambda ids: {"check": ids["check_id"]}),
    "MESSAGE player.report": Row(own=True, body=lambda ids: _stay(ids) | {"stalls": 0}),
    f"GET {_CLASS}/attendance": Row("class"),
    f"GET {_CLASS}/audience": Row("class"),
    f"GET {_CLASS}/report": Row("class"),
    "GET /api/v1/hours": Row(),
    f"GET {_PERSON}/hours": Row("person"),
    "GET /api/v1/hours/entries/{entry_id}": Row(own=True),
    f"GET {_CLASS}/why": Row("class"),
    f"GET {_CLASS}/calendar.ics": Row("class"),
    f"GET {_PERSON}/classes/{{class_id}}/why": Row("person"),
    "POST /api/v1/hours/check": Row(),
    "POST /api/v1/hours/questions": Row(body=lambda _: {"text": "为什么"}),
    "GET /api/v1/hours/questions": Row(listed="question_id", listed_about="question", query="?desk=true"),
    "POST /api/v1/hours/questions/{question_id}/answer": Row("question", body=lambda _: {"text": "因为"}),
    "GET /api/v1/hours/proposals": Row(listed="proposal_id", listed_about="proposal"),
    "POST /api/v1/hours/proposals/{proposal_id}/decision": Row("proposal", body=lambda _: {"accept": False} | _REASON),
    f"GET {_PERSON}/exemptions": Row("person"),
    f"POST {_PERSON}/exemptions": Row("person", body=_exemption),
    f"DELETE {_PERSON}/exemptions/{{exemption_id}}": Row("person"),
    "GET /api/v1/me/home": Row(),
    "GET /api/v1/search": Row(query="?q=x"),
    "GET /api/v1/me/notices": Row(),
    "POST /api/v1/me/notices/read": Row(body=lambda _: {"until": "2026-09-15T01:00:00Z"}),
}

DOCUMENTS: dict[str, Row] = {"GET /api/v1/regulation": Row(), "GET /api/v1/policy": Row(), "GET /api/v1/portal": Row()}

ROWS: dict[str, Row] = DOCUMENTS | PEOPLE | MODERATION | FORUM | LIVE | TOPIC_CLASSES | STUDY
