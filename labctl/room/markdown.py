"""The little of Markdown that runbooks use, as HTML: headings, paragraphs, lists, bold, code. All text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_ITEM = re.compile(r"(?:[-*]|\d+\.)\s+(.*)")
_NUMBERED = re.compile(r"(\d+)\.\s")
_INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*")
_LEAST_HEADING = 2
"""The page has the only heading of the first level."""


def rendered(text: str) -> Markup:
    """Return a text in Markdown as HTML."""
    return Markup("\n").join(_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _block(block: str) -> Markup:
    lines = block.strip().splitlines()
    heading = re.fullmatch(r"(#{1,5})\s+(.*)", lines[0])
    if heading and len(lines) == 1:
        level = min(len(heading[1]) + _LEAST_HEADING - 1, 6)
        return Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
    items = list(_items(lines))
    if items:
        numbered = _NUMBERED.match(lines[0])
        inside = Markup("").join(Markup("<li>{}</li>").format(_inline(each)) for each in items)
        opening = Markup('<ol start="{}">').format(numbered[1]) if numbered else Markup("<ul>")
        return opening + inside + (Markup("</ol>") if numbered else Markup("</ul>"))
    return Markup("<p>{}</p>").format(_inline(" ".join(line.strip() for line in lines)))


def _items(lines: list[str]) -> Iterator[str]:
    """Yield the items of a list, the lines that go on below them joined; nothing for a block that is no list."""
    if not _ITEM.fullmatch(lines[0].strip()):
        return
    item: list[str] = []
    for line in lines:
        begun = _ITEM.fullmatch(line.strip())
        if begun and item:
            yield " ".join(item)
            item = []
        item.append(begun[1] if begun else line.strip())
    yield " ".join(item)


def _inline(text: str) -> Markup:
    found, at = Markup(""), 0
    for part in _INLINE.finditer(text):
        found += escape(text[at : part.start()])
        is_code = part[1] is not None
        found += Markup("<code>{}</code>").format(part[1]) if is_code else Markup("<strong>{}</strong>").format(part[2])
        at = part.end()
    return found + escape(text[at:])
