"""Two small drawings that hang on demo projects: a week of shifts and the height of a tour."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

PAPER, INK, GREEN, YELLOW, LINE = "#faf8f2", "#23302b", "#2f6f4f", "#e0a526", "#c9c4b6"
DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
SHIFTS = ("1100110", "0111001", "1011010", "0100111", "1110001")  # five people, seven days
HEIGHTS = (278, 281, 290, 312, 340, 362, 348, 321, 300, 285, 279)  # metres, every 800 m


def week() -> bytes:
    """Five rows of shifts, Monday to Sunday."""
    picture, draw = _sheet(760, 360)
    for column, day in enumerate(DAYS):
        draw.text((120 + column * 88, 24), day, INK, font_size=22)
    for row, shifts in enumerate(SHIFTS):
        top = 66 + row * 56
        draw.text((28, top + 8), f"Rad {row + 1}", INK, font_size=22)
        for column, works in enumerate(shifts):
            box = (112 + column * 88, top, 184 + column * 88, top + 40)
            draw.rounded_rectangle(box, 8, fill=GREEN if works == "1" else None, outline=GREEN if works == "1" else LINE, width=2)
    return _png(picture)


def hill() -> bytes:
    """The way up and down, with its highest point."""
    picture, draw = _sheet(760, 360)
    points = [(60 + place * 64, 300 - (height - 270) * 2.5) for place, height in enumerate(HEIGHTS)]
    for height in (280, 320, 360):
        level = 300 - (height - 270) * 2.5
        draw.line([(60, level), (700, level)], LINE)
        draw.text((14, level - 11), f"{height}", INK, font_size=18)
    draw.line(points, GREEN, 5, joint="curve")
    top = max(points, key=lambda point: -point[1])
    draw.ellipse((top[0] - 8, top[1] - 8, top[0] + 8, top[1] + 8), fill=YELLOW)
    draw.text((60, 318), "0 km", INK, font_size=18)
    draw.text((660, 318), "8 km", INK, font_size=18)
    return _png(picture)


def _sheet(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (width, height), PAPER)
    return picture, ImageDraw.Draw(picture)


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


DRAWN: dict[str, Callable[[], bytes]] = {"week": week, "hill": hill}
