"""Fictional persons of the demo academy; every name is made of a surname and a given name drawn by chance."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.base.work import Work
from server.demo.tree import Tree
from server.people import identity, secret, store
from server.people.units import Unit
from server.rules.powers import Role, ScopeKind
from server.rules.words import Category

LEARNERS = 300
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章云苏潘葛范彭鲁韦马苗方俞任袁柳"
GIVEN = (
    *"伟芳敏静强磊洋艳勇军杰娟涛明超霞平刚",
    *("秀兰", "桂英", "建国", "文博", "雨桐", "思远", "海燕", "志远", "晓峰", "美玲"),
    *("子涵", "国庆", "立新", "雪梅", "永康", "春华", "家豪", "若曦"),
)
POSTS = {
    Category.OFFICIALS: (("科员", "一级科员"), ("副科长", "四级主任科员"), ("科长", "二级主任科员")),
    Category.ENTERPRISE: (("部门经理", ""), ("副总经理", "")),
    Category.INSTITUTIONS: (("主任", "七级职员"), ("副主任", "八级职员")),
    Category.VILLAGE: (("村党支部书记", ""), ("社区主任", "")),
    Category.PROFESSIONALS: (("工程师", "中级"), ("高级教师", "副高级")),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A demo account that the sign-in page offers."""

    role: str
    name: str
    account: str
    password: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part."""

    shown: dict[str, Shown]
    learners: list[UUID]


async def hashes() -> dict[str, tuple[str, str]]:
    """A password and its hash for each part, made before the unit of work begins."""
    found: dict[str, tuple[str, str]] = {}
    for part in (*PARTS, "others"):
        password = secret.first_password()
        found[part] = (password, await secret.hashed(password))
    return found


PARTS: dict[str, tuple[str, str, str]] = {
    "learner": ("学员", "王芳", "X1001"),
    "second_learner": ("学员（有复核）", "张伟", "X1002"),
    "new_learner": ("学员（第一天）", "刘春华", "X1003"),
    "exempt_learner": ("学员（不纳入考核）", "何永康", "X1004"),
    "lecturer": ("讲师", "李文博", "J2001"),
    "assistant": ("助教", "陈静", "J2002"),
    "invited_lecturer": ("外聘讲师", "周思远", "J2003"),
    "class_teacher": ("班主任", "方立新", "B2004"),
    "moderator": ("审核员", "赵敏", "S3001"),
    "second_moderator": ("审核员", "钱立新", "S3002"),
    "sub_centre_admin": ("分中心管理员", "孙海燕", "F4001"),
    "academy_admin": ("学院管理员", "吴建国", "Y5001"),
    "auditor": ("审计员", "郑雪梅", "D6001"),
}

AMONG_LEARNERS = ("learner", "second_learner")
"""Who of the shown has studied like the others; the new one never has, the exempt one was away."""


async def enrol(work: Work, tree: Tree, passwords: dict[str, tuple[str, str]]) -> Cast:
    """Everybody, with their roles."""
    hefei = [unit for unit in tree.workplaces if unit.path.startswith(tree.cities["合肥市"].path)]
    rows = []
    shown: dict[str, Shown] = {}
    for number, (part, (role, name, account)) in enumerate(PARTS.items()):
        password, hashed = passwords[part]
        row = _row(work, number, name, account, hefei[number % len(hefei)], tree.cities["合肥市"], hashed)
        shown[part] = Shown(role, name, account, password, row["id"])
        rows.append(row)
    learners = []
    for number in range(LEARNERS):
        unit = tree.workplaces[number % len(tree.workplaces)]
        authority = _authority(tree, unit)
        name = work.chance.choice(SURNAMES) + work.chance.choice(GIVEN)
        row = _row(work, 100 + number, name, f"X{2000 + number}", unit, authority, passwords["others"][1])
        learners.append(row["id"])
        rows.append(row)
    await store.add(work.tx, rows)
    await _roles(work, tree, shown)
    return Cast(shown, [*(shown[each].id for each in AMONG_LEARNERS), *learners])


def _authority(tree: Tree, unit: Unit) -> Unit:
    above = [city for city in tree.cities.values() if unit.path.startswith(city.path)]
    return above[0] if above else tree.root


def _row(work: Work, number: int, name: str, account: str, unit: Unit, authority: Unit, hashed: str) -> dict[str, Any]:
    category = list(Category)[number % 5]
    post, rank = work.chance.choice(POSTS[category])
    # 990000 is no administrative division: no real person bears such a number.
    first = f"990000{1965 + number % 35}{number % 12 + 1:02}{number % 27 + 1:02}{number % 1000:03}"
    sealed = identity.seal(first + identity.check_digit(first), work.services.identity_key)
    joined = work.now - timedelta(days=700)
    return {
        "id": work.id(), "pseudonym": work.id(), "staff_number": account, "identity_hash": sealed.hash,
        "identity_cipher": sealed.cipher, "identity_masked": sealed.masked, "name": name, "unit": unit.id,
        "authority": authority.id, "category": category.value, "post": post, "rank": rank, "state": "active",
        "left_reason": None, "joined_at": joined, "left_at": None, "password": hashed, "password_at": work.now,
        "must_change": False, "terms_at": joined, "settings": {}, "version": 1,
    }  # fmt: skip


async def _roles(work: Work, tree: Tree, shown: dict[str, Shown]) -> None:
    hefei = tree.cities["合肥市"]
    given: dict[str, list[tuple[Role, ScopeKind, UUID | None, datetime | None]]] = {
        "lecturer": [(Role.LECTURER, ScopeKind.ALL, None, None)],
        "assistant": [(Role.ASSISTANT, ScopeKind.SELF, None, None)],
        "invited_lecturer": [(Role.LECTURER, ScopeKind.ALL, None, work.now + timedelta(days=60))],
        "class_teacher": [(Role.CLASS_TEACHER, ScopeKind.UNIT, hefei.id, None)],
        "moderator": [(Role.MODERATOR, ScopeKind.UNIT, tree.root.id, None)],
        "second_moderator": [(Role.MODERATOR, ScopeKind.UNIT, tree.root.id, None)],
        "sub_centre_admin": [(Role.SUB_CENTRE_ADMIN, ScopeKind.UNIT, hefei.id, None)],
        "academy_admin": [(Role.ACADEMY_ADMIN, ScopeKind.ALL, None, None)],
        "auditor": [(Role.AUDITOR, ScopeKind.ALL, None, None)],
    }
    rows = [
        {
            "id": work.id(), "account": shown[part].id, "role": role.value, "scope_kind": kind.value,
            "scope_id": scope_id, "until": until, "given_by": None, "given_at": work.now,
        }
        for part, roles in given.items()
        for role, kind, scope_id, until in roles
    ]  # fmt: skip
    await store.give_roles(work.tx, rows)
