"""The slides of the demo lecture, drawn with the font that comes with the packages."""

from importlib import resources
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 720)
TITLE = "数字政府建设与基层治理"
SLIDES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (TITLE, ("示范课堂 · 循环播放", "讲师：李文博", "本片由程序绘制，仅供演示")),
    ("一、为什么要学", ("群众办事少跑腿，数据多跑路", "基层减负，治理增效", "从“能办”走向“好办”")),
    ("二、三个抓手", ("一网通办：事项、材料、流程", "一网统管：发现、派单、处置", "一网协同：部门、层级、区域")),
    ("三、案例讨论", ("某县把三十七张表合成一张表", "村干部每月少填表六天", "请思考：哪些数据可以共享")),
    ("四、数据安全", ("最少够用，留痕可查", "分级分类，谁用谁负责", "个人信息依法保护")),
    ("小结", ("办成一件事，而不是办完一道手续", "欢迎在互动区交流体会", "发言须遵守办法第十二条")),
)
_INK, _PAPER, _BRAND, _LINE = "#1B2430", "#FFFFFF", "#1F4E8C", "#DDE2E8"


def font() -> Path:
    """A Chinese font file."""
    package = resources.files("pylopdf_fonts_zh_cn")
    found = sorted(path for path in Path(str(package)).rglob("*") if path.suffix.lower() in {".otf", ".ttf", ".ttc"})
    sans = [path for path in found if "sans" in path.name.lower()]
    return (sans or found)[0]


def draw(folder: Path) -> list[Path]:
    """PNG files of all slides, 1280x720, with room for the clock at the lower right."""
    face = str(font())
    folder.mkdir(parents=True, exist_ok=True)
    return [_slide(folder / f"{number:02}.png", face, number, *slide) for number, slide in enumerate(SLIDES, 1)]


def _slide(path: Path, face: str, number: int, title: str, lines: tuple[str, ...]) -> Path:
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 16), fill=_BRAND)
    pen.text((96, 96), title, fill=_BRAND, font=ImageFont.truetype(face, 60))
    pen.line((96, 190, SIZE[0] - 96, 190), fill=_LINE, width=3)
    for row, line in enumerate(lines):
        pen.ellipse((104, 276 + row * 96, 118, 290 + row * 96), fill=_BRAND)
        pen.text((144, 250 + row * 96), line, fill=_INK, font=ImageFont.truetype(face, 42))
    pen.text((96, 640), f"{number} / {len(SLIDES)}", fill=_INK, font=ImageFont.truetype(face, 28))
    image.save(path)
    return path
