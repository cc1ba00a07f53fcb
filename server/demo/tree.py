"""The demo academy's organisation: a province, its sixteen cities, some counties and units."""

from dataclasses import dataclass

from server.base.work import Work
from server.people import units
from server.people.units import Unit

PROVINCE = "安徽省"
CITIES = (
    "合肥市", "芜湖市", "蚌埠市", "淮南市", "马鞍山市", "淮北市", "铜陵市", "安庆市",
    "黄山市", "滁州市", "阜阳市", "宿州市", "六安市", "亳州市", "池州市", "宣城市",
)  # fmt: skip
COUNTIES = {
    "合肥市": ("长丰县", "肥东县", "庐江县"),
    "芜湖市": ("南陵县", "无为市"),
    "安庆市": ("怀宁县", "桐城市"),
    "黄山市": ("歙县", "休宁县"),
}
OFFICES = ("发展和改革委员会", "教育局", "农业农村局", "政务服务中心")


@dataclass(frozen=True, slots=True)
class Tree:
    """The units by their full name, e.g. `合肥市教育局`."""

    root: Unit
    cities: dict[str, Unit]
    workplaces: list[Unit]
    """Units in which people work, with their city's sub-centre above them."""


async def plant(work: Work) -> Tree:
    """Make the units."""
    root = await units.add(work, PROVINCE, "province", None, is_sub_centre=True, telephone="0551-00000000")
    cities: dict[str, Unit] = {}
    workplaces = [await units.add(work, f"{PROVINCE}{name}", "unit", root) for name in ("直属机关党校", "统计局")]
    for number, name in enumerate(CITIES):
        city = await units.add(
            work, name, "city", root, is_sub_centre=True, telephone=f"055{number % 10}-000000{number:02}"
        )
        cities[name] = city
        workplaces += [await units.add(work, f"{name}{office}", "unit", city) for office in OFFICES[: 4 - number // 6]]
        for county_name in COUNTIES.get(name, ()):
            county = await units.add(work, county_name, "county", city, is_sub_centre=True)
            workplaces.append(await units.add(work, f"{county_name}乡村振兴局", "unit", county))
    return Tree(root, cities, workplaces)
