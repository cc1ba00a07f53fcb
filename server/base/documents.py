"""The documents that everybody may read: the regulation and the policy in force."""

from datetime import date

from server.base.api import PUBLIC, Ask, Routes, View
from server.rules.regulation import regulation

routes = Routes("document")


class ArticleView(View):
    number: int
    heading: str
    chapter: str
    paragraphs: tuple[str, ...]


class RegulationView(View):
    title: str
    articles: tuple[ArticleView, ...]


@routes.get("/api/v1/regulation", power=PUBLIC, title="The regulation, article by article")
async def read_regulation(ask: Ask) -> RegulationView:
    return RegulationView.model_validate(regulation())


class FieldView(View):
    field: str
    label: str
    value: str
    unit: str
    article: int | None
    clause: int | None
    set_by: str


class PolicyView(View):
    version: str
    effective: date
    fields: list[FieldView]


@routes.get("/api/v1/policy", power=PUBLIC, title="The policy in force, with the source of each field")
async def read_policy(ask: Ask) -> PolicyView:
    document = ask.services.policies.document_at(ask.now)
    fields = [
        FieldView(
            field=source.field, label=source.label, value=_text(getattr(document.policy, source.field)),
            unit=source.unit, article=source.article, clause=source.clause, set_by=source.set_by,
        )
        for source in document.sources.values()
    ]  # fmt: skip
    return PolicyView(version=document.policy.version, effective=document.policy.effective, fields=fields)


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_text(each)}" for name, each in value.items())
    return "" if value is None else str(value)
