"""The little of Markdown that runbooks and postmortems use, as HTML; all text is escaped.

Headings, paragraphs, lists, tables, bold, code; a backslash before a character that means something keeps it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_ITEM = re.compile(r"(?:[-*]|\d+\.)\s+(.*)")
_NUMBERED = re.compile(r"(\d+)\.\s")
_INLINE = re.compile(r"\\([\\`*\[<|#])|(?<!`)(`{1,9})(?!`)(.+?)(?<!`)\2(?!`)|\*\*(.+?)\*\*")
_BLOCKS = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(.*?)(?:\n {0,3}\1[`~]*[ \t]*(?=\n|$)|\Z)", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"\|?(\s*:?-{3,}:?\s*\|)*\s*:?-{3,}:?\s*\|?")
_BAR = re.compile(r"(?<!\\)\|")
_LEAST_HEADING = 2
"""The page has the only heading of the first level."""


def rendered(text: str) -> Markup:
    """Return a text in Markdown as HTML."""
    return Markup("\n").join(_parts(text))


def _parts(text: str) -> Iterator[Markup]:
    """Yield the blocks of a text: what is fenced is code, whatever is in it."""
    at = 0
    for fenced in _BLOCKS.finditer(text):
        yield from _plain(text[at : fenced.start()])
        yield Markup("<pre><code>{}</code></pre>").format(fenced[2])
        at = fenced.end()
    yield from _plain(text[at:])


def _plain(text: str) -> Iterator[Markup]:
    yield from (_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip())


def _block(block: str) -> Markup:
    lines = block.strip().splitlines()
    heading = re.fullmatch(r"(#{1,5})\s+(.*)", lines[0])
    if heading and len(lines) == 1:
        level = min(len(heading[1]) + _LEAST_HEADING - 1, 6)
        return Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
    if len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1].strip()):
        return _table(lines[0], lines[2:])
    items = list(_items(lines))
    if items:
        numbered = _NUMBERED.match(lines[0])
        inside = Markup("").join(Markup("<li>{}</li>").format(_inline(each)) for each in items)
        opening = Markup('<ol start="{}">').format(numbered[1]) if numbered else Markup("<ul>")
        return opening + inside + (Markup("</ol>") if numbered else Markup("</ul>"))
    return Markup("<p>{}</p>").format(_inline(" ".join(line.strip() for line in lines)))


def _table(head: str, rows: list[str]) -> Markup:
    titles = _cells(head)
    body = (_cells(each)[: len(titles)] for each in rows)
    found = Markup("").join(_row("td", [*each, *[""] * (len(titles) - len(each))]) for each in body)
    return Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(_row("th", titles), found)


def _row(cell: str, texts: list[str]) -> Markup:
    inside = Markup("").join(Markup("<{0}>{1}</{0}>").format(cell, _inline(each)) for each in texts)
    return Markup("<tr>{}</tr>").format(inside)


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [each.strip() for each in _BAR.split(inner)]


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
        found += _marked(part)
        at = part.end()
    return found + escape(text[at:])


def _marked(part: re.Match[str]) -> Markup:
    kept, _, code, bold = part.groups()
    if kept is not None:
        return escape(kept)
    if code is not None:
        return Markup("<code>{}</code>").format(code.strip() or code)
    return Markup("<strong>{}</strong>").format(_inline(bold))
