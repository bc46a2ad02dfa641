"""The two icons Teams asks for, drawn here: the knot of Musubi's logo.

Color: 192 × 192, full. Outline: 32 × 32, white on nothing (Microsoft's "Design your Teams app icon").
"""

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Pixel = tuple[int, int, int, int]

BOX = 32.0
"""Side of the square in which the curves are given, as in the logo's drawing."""
STROKE = 2.6

ROPE: tuple[Curve, ...] = (
    ((4, 22), (10, 22), (12, 10), (18, 10)),
    ((18, 10), (22, 10), (24, 13), (24, 16)),
    ((24, 16), (24, 19), (22, 22), (18, 22)),
    ((18, 22), (12, 22), (10, 10), (4, 10)),
)
"""The first strand: in, around, and out again."""
ENDS: tuple[Curve, ...] = (
    ((28, 10), (25, 10), (23, 12), (21.5, 14.3)),
    ((28, 22), (25, 22), (23, 20), (21.5, 17.7)),
)
"""The second strand, where it comes out of the first."""

VERMILION: Pixel = (200, 80, 47, 255)
INDIGO: Pixel = (39, 68, 110, 255)
PAPER: Pixel = (250, 248, 244, 255)
WHITE: Pixel = (255, 255, 255, 255)
NOTHING: Pixel = (255, 255, 255, 0)

SAMPLES = 400
"""Points along each curve: closer than a third of a pixel."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the drawing stands in the picture: the picture's side, and the drawing's, in pixels."""

    side: int
    drawing: float

    def place(self, point: Point) -> Point:
        """A point of the drawing in the picture."""
        margin = (self.side - self.drawing) / 2
        return point[0] * self.drawing / BOX + margin, point[1] * self.drawing / BOX + margin

    @property
    def radius(self) -> float:
        """Half a stroke."""
        return STROKE * self.drawing / BOX / 2


def draw_color() -> bytes:
    """The color icon as PNG."""
    frame = Frame(192, 152)
    pixels = [PAPER] * (frame.side * frame.side)
    paint(pixels, frame, ROPE, VERMILION)
    paint(pixels, frame, ENDS, INDIGO)
    return encode_png(pixels, frame.side)


def draw_outline() -> bytes:
    """The outline icon as PNG."""
    frame = Frame(32, 32)
    pixels = [NOTHING] * (frame.side * frame.side)
    paint(pixels, frame, (*ROPE, *ENDS), WHITE)
    return encode_png(pixels, frame.side)


def paint(pixels: list[Pixel], frame: Frame, curves: tuple[Curve, ...], color: Pixel) -> None:
    """Draws strokes with round ends along curves."""
    for index, distance in measure(frame, curves).items():
        cover = min(1.0, max(0.0, frame.radius - distance + 0.5))
        pixels[index] = blend(pixels[index], color, cover)


def measure(frame: Frame, curves: tuple[Curve, ...]) -> dict[int, float]:
    """The distance to the nearest curve, for each pixel that a stroke may touch."""
    nearest: dict[int, float] = {}
    for curve in curves:
        for point in follow(curve):
            x, y = frame.place(point)
            for index, distance in list_around(frame, x, y):
                nearest[index] = min(distance, nearest.get(index, math.inf))
    return nearest


def follow(curve: Curve) -> Iterator[Point]:
    """Points along a cubic Bézier curve."""
    for step in range(SAMPLES + 1):
        t = step / SAMPLES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (
            sum(weight * point[0] for weight, point in zip(weights, curve, strict=True)),
            sum(weight * point[1] for weight, point in zip(weights, curve, strict=True)),
        )


def list_around(frame: Frame, x: float, y: float) -> Iterator[tuple[int, float]]:
    """The pixels within reach of a stroke through (x, y), with the distance of their middles."""
    reach = frame.radius + 1
    for row in range(max(0, int(y - reach)), min(frame.side, int(y + reach) + 1)):
        for column in range(max(0, int(x - reach)), min(frame.side, int(x + reach) + 1)):
            yield row * frame.side + column, math.hypot(column + 0.5 - x, row + 0.5 - y)


def blend(under: Pixel, over: Pixel, cover: float) -> Pixel:
    """`over` on `under`, covering that part of the pixel; on nothing, only the opacity grows."""
    alpha = round(under[3] + (over[3] - under[3]) * cover)
    if under[3] == 0:
        return (over[0], over[1], over[2], alpha)
    mixed = [round(low + (high - low) * cover) for low, high in zip(under[:3], over[:3], strict=True)]
    return (mixed[0], mixed[1], mixed[2], alpha)


def encode_png(pixels: list[Pixel], side: int) -> bytes:
    """A square picture as PNG with 8 bits a channel and opacity."""
    rows = [
        b"\x00" + bytes(value for pixel in pixels[start : start + side] for value in pixel) for start in _starts(side)
    ]
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _starts(side: int) -> range:
    return range(0, side * side, side)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
