"""Pictures of views and pages, light and dark, as small files: made while a test plays an incident.

They go to the folder that LABCTL_PICTURES names (docs/images), and otherwise nowhere but a temporary folder.
"""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import pack

from playwright.sync_api import Browser, Page

from labctl.room.view import View

VARIABLE = "LABCTL_PICTURES"
SCREEN = {"width": 1440, "height": 900}
MOST_BYTES = 120_000
SCHEMES = ("light", "dark")
SPOILING = ("answer", "debrief", "postmortem")
"""Views that name the cause of an incident: pictures of these, for all to see, are of a made-up one."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WITH_PALETTE = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const each of pixels) counts.set(each, (counts.get(each) ?? 0) + 1);
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const far = (one, other) => (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
  // Each next colour of the palette is the one that is missed most: far from those that it has, and frequent.
  const left = [...counts].map(([colour, count]) => ({ colour, count, own: parts(colour), least: 200000 }));
  const chosen = [];
  while (chosen.length < Math.min(96, left.length)) {
    let most = left[0];
    for (const each of left) if (each.least * Math.sqrt(each.count) > most.least * Math.sqrt(most.count)) most = each;
    chosen.push(most.colour);
    for (const each of left) each.least = Math.min(each.least, far(each.own, most.own));
  }
  const index = new Map(chosen.map((each, at) => [each, at]));
  const known = chosen.map(parts);
  for (const each of counts.keys()) {
    if (index.has(each)) continue;
    const own = parts(each);
    let best = 0, least = Infinity;
    known.forEach((other, at) => {
      const distance = far(own, other);
      if (distance < least) [best, least] = [at, distance];
    });
    index.set(each, best);
  }
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = index.get(pixels[y * width + x]);
  }
  const stream = new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"));
  const packed = await new Response(stream).arrayBuffer();
  let text = "";
  for (const each of new Uint8Array(packed)) text += String.fromCharCode(each);
  return { width, height, palette: known.flat(), rows: btoa(text) };
}"""


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

    def view(self, page: Page, view: View) -> list[Path]:
        """Take a view of a room as it is shown, in each colour scheme, and return the files."""
        return self.take(page, f"room-{view.name}")

    def take(self, page: Page, name: str, schemes: Sequence[str] = SCHEMES) -> list[Path]:
        """Take a page as it is shown, in each colour scheme, and return the files."""
        found = []
        with screen(page):
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_timeout(600)  # graphs are drawn anew
                file = self.folder / f"{name}-{scheme}.png"
                browser = page.context.browser
                assert browser is not None
                file.write_bytes(smaller(browser, page.screenshot(type="png")))
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


def smaller(browser: Browser, png: bytes) -> bytes:
    """Return a PNG with a palette of the colours that matter most; the browser reads and packs it."""
    page = browser.new_page()
    try:
        found = page.evaluate(_WITH_PALETTE, base64.b64encode(png).decode())
    finally:
        page.close()
    head = pack(">IIBBBBB", found["width"], found["height"], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(found["palette"])), (b"IDAT", base64.b64decode(found["rows"])))
    return _SIGNATURE + b"".join(_part(kind, body) for kind, body in (*parts, (b"IEND", b"")))


def _part(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
