"""The class file as its teacher gets it: what stands in it, that no cell is a formula, and who was told of the look."""

import zipfile
from io import BytesIO
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from server.app import NOUNS
from server.base.office import Office
from server.base.work import SYSTEM
from server.class_file import pdf
from server.class_file.sheet import Sheet
from server.topic_classes.modules import WantedDiscussion, WantedModule, set_modules
from tests.server.hours.academy import judged
from tests.server.topic_classes.school import School, a_school
from tests.visits import a_house

NASTY = ("=1+2", "+cmd", "-2", "@x", "\t=1", "＝1", "https://example.org", "0012", '#read("/etc/passwd")', "$x$ \\ *")


@pytest.fixture
async def school(office: Office) -> School:
    return await a_school(office)


async def test_the_workbook_says_what_is_known_and_each_member_is_told(office: Office, school: School) -> None:
    topic, lessons = await school.opened(modules=2)
    named, talk = [WantedModule(each.id, each is lessons[0]) for each in lessons], WantedDiscussion(1, False)
    await office.do(await school.teacher(), set_modules, topic.id, topic.version, named, talk)
    who = await school.town.a_learner("王芳")
    await school.asks(who, topic)
    await office.do(SYSTEM, judged, who, lessons[0], "2.0")
    async with a_house(office, NOUNS) as house:
        desk, mine = await house.browser_of(school.person), await house.browser_of(who)
        answer = await desk.get(f"/topic-classes/{topic.id}/file.xlsx")
        printed = await desk.get(f"/topic-classes/{topic.id}/file.pdf")
        assert (await mine.get(f"/topic-classes/{topic.id}/file.xlsx")).code == "power.missing"
        looked = [each["what"] for each in (await mine.get("/me/looks")).body["items"]]
    assert looked == ["topic_class", "topic_class"]
    assert unquote(answer.headers["Content-Disposition"]).endswith(f"{topic.title} 班级档案.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.raw))
    assert book.sheet_names == ["说明", "计划", "名册", "出勤", "结业"]
    rows = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert [row[0] for row in rows["说明"]] == ["项目", "专题班", "范围", "生成时间", "政策版本", "台账检查点"]
    assert rows["说明"][3][1] == "2026-09-15 09:00"
    assert [row[:2] for row in rows["计划"][4:]] == [["必须完成", "第1讲"], ["选学", "讨论"], ["选学", "第2讲"]]
    assert rows["名册"][1][1:3] == ["王芳", "合肥市"]
    assert rows["出勤"][1] == ["王芳", "100.0%", "0.0%"]
    assert rows["结业"][1][:4] == ["王芳", "1 / 1", "50.0% / 80.0%", "未结业"]
    assert printed.raw.startswith(b"%PDF-1.7")
    assert b"NotoSansSC" in printed.raw


async def test_no_text_is_ever_a_formula_a_link_or_a_number(office: Office, school: School) -> None:
    topic, _ = await school.opened()
    for name in NASTY:
        await school.asks(await school.town.a_learner(name.strip()), topic)
    async with a_house(office, NOUNS) as house:
        desk = await house.browser_of(school.person)
        answer = await desk.get(f"/topic-classes/{topic.id}/file.xlsx")
    with zipfile.ZipFile(BytesIO(answer.raw)) as book:
        pages = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/"))
    assert "<f>" not in pages
    assert "hyperlink" not in pages
    assert pages.count('t="s"') == pages.count("<v>")
    found = CalamineWorkbook.from_filelike(BytesIO(answer.raw)).get_sheet_by_name("名册").to_python()
    assert {row[1] for row in found[1:]} == {name.strip() for name in NASTY}


def test_text_is_never_read_as_the_source_of_a_document(office: Office) -> None:
    source = '#panic("read as source")'  # ends the making wherever it is evaluated
    sheet = Sheet(source, (source,), tuple((name,) for name in (*NASTY, source)))
    made = pdf.write(source, [sheet, Sheet("空", ("项目",), ())], office.clock.now())
    assert made.startswith(b"%PDF-")
