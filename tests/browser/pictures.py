"""Pictures of every view, light and dark, as small files: made while a test plays an incident.

They go to the folder that LABCTL_PICTURES names (docs/images), and otherwise nowhere but a temporary folder.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import pack, unpack

from playwright.sync_api import Page

from labctl.room.view import View

VARIABLE = "LABCTL_PICTURES"
SCREEN = {"width": 1440, "height": 900}
MOST_BYTES = 120_000
SCHEMES = ("light", "dark")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Pictures:
    """Takes them."""

    folder: Path

    @classmethod
    def asked_for(cls, otherwise: Path) -> Pictures:
        """Return what takes them to the folder that was named, or to another one."""
        folder = Path(os.environ.get(VARIABLE) or otherwise)
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    def take(self, page: Page, view: View) -> list[Path]:
        """Take a view as it is shown, in each colour scheme, and return the files."""
        found = []
        with screen(page):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_timeout(600)  # graphs are drawn anew
                file = self.folder / f"room-{view.name}-{scheme}.png"
                file.write_bytes(smaller(page.screenshot(type="png")))
                found.append(file)
        return found


@contextmanager
def screen(page: Page) -> Iterator[None]:
    """Show a page as wide as pictures are, at its top, within the block."""
    before = page.viewport_size
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    page.evaluate("scrollTo(0, 0)")
    try:
        yield
    finally:
        page.emulate_media(color_scheme=None)
        if before:
            page.set_viewport_size(before)


def smaller(png: bytes) -> bytes:
    """Return a PNG of 8-bit RGB or RGBA as one with a palette."""
    parts = dict[bytes, bytes]()
    at = len(_SIGNATURE)
    while at < len(png):
        (length,), kind = unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        parts[kind] = parts.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += length + 12
    width, height, _, colour = unpack(">IIBB", parts[b"IHDR"][:10])
    step = {2: 3, 6: 4}[colour]
    rows = _unfiltered(zlib.decompress(parts[b"IDAT"]), width * step, height, step)
    palette, lines = _indexed(rows, step)
    head = pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + each for each in lines), 9)
    return _SIGNATURE + _part(b"IHDR", head) + _part(b"PLTE", palette) + _part(b"IDAT", body) + _part(b"IEND", b"")


def _part(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def _unfiltered(data: bytes, width: int, height: int, step: int) -> list[bytes]:
    """Return the rows of a picture without the filters that PNG puts on them."""
    rows: list[bytes] = []
    above = bytes(width)
    for number in range(height):
        start = number * (width + 1)
        row = bytearray(data[start + 1 : start + 1 + width])
        _undo(data[start], row, above, step)
        above = bytes(row)
        rows.append(above)
    return rows


def _undo(kind: int, row: bytearray, above: bytes, step: int) -> None:
    for at in range(len(row)) if kind else ():
        left, up = row[at - step] if at >= step else 0, above[at]
        corner = above[at - step] if at >= step else 0
        row[at] = (row[at] + (left, up, (left + up) // 2, _nearest(left, up, corner))[kind - 1]) & 255


def _nearest(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def _indexed(rows: list[bytes], step: int) -> tuple[bytes, list[bytes]]:
    """Return a palette and the rows as indices into it: the most frequent colours as they are, the rest the nearest."""
    counts: dict[bytes, int] = {}
    for row in rows:
        for at in range(0, len(row), step):
            colour = row[at : at + 3]
            counts[colour] = counts.get(colour, 0) + 1
    often = sorted(counts, key=lambda each: -counts[each])[:256]
    index = {each: at for at, each in enumerate(often)}
    for each in counts:
        if each not in index:
            index[each] = min(range(len(often)), key=lambda at: _distance(often[at], each))
    lines = [bytes(index[row[at : at + 3]] for at in range(0, len(row), step)) for row in rows]
    return b"".join(often), lines


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
