"""Checks a finished postmortem: five sections with something in each, an owner and a due date for every action item.

Action items are the rows of a table with the columns Action, Owner and Due date, or list items that say
"owner: …" and "due: …". Pure: it reads text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

SECTIONS = ("Timeline", "Root cause", "Impact", "Resolution", "Action items")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RULE = re.compile(r"[\s|:\-]*")
_BAR = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"\s{0,3}(?:[-*+]|\d+[.)])\s+(.*)")
_OWNER = re.compile(r"\bowner:\s*([^,;()|]*)", re.IGNORECASE)
_DUE = re.compile(r"\bdue(?: date)?:\s*([^,;()|]*)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOBODY = frozenset(
    {"", "-", "\u2013", "\u2014", "?", "n/a", "none", "nobody", "tba", "tbd", "to be done", "todo", "…", "..."}
)
"""What people write where nothing is decided yet."""

_NO_ITEMS = "action items: a table with the columns Action, Owner and Due date, or a list item each"


@dataclass(frozen=True)
class Problem:
    """Something that is missing, and the line (from 1) where it should be."""

    line: int
    missing: str


@dataclass(frozen=True)
class Found:
    """What a postmortem lacks, and how many action items it has."""

    problems: tuple[Problem, ...]
    action_items: int


@dataclass(frozen=True)
class _Line:
    number: int
    text: str


@dataclass(frozen=True)
class _ActionItem:
    line: int
    what: str
    owner: str
    due: str


def check(text: str) -> Found:
    """Return what the postmortem lacks, in the order of its lines."""
    lines = [_Line(number, each) for number, each in enumerate(_blanked(text).split("\n"), start=1)]
    sections = _sections(lines)
    problems = [problem for title in SECTIONS for problem in _lacking(title, sections, len(lines))]
    items = list(_action_items(sections.get("action items", [])[1:]))
    if not items and any(_says(each) for each in _body(sections.get("action items", []))):
        problems.append(Problem(sections["action items"][0].number, _NO_ITEMS))
    problems += [problem for item in items for problem in _undecided(item)]
    return Found(tuple(sorted(problems, key=lambda each: each.line)), len(items))


def _blanked(text: str) -> str:
    """Return the text with nothing where comments were; lines keep their numbers."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", "", found[0]), text.replace("\r\n", "\n"))


def _sections(lines: list[_Line]) -> dict[str, list[_Line]]:
    """Return, by its title in lower case, each of the five sections: its heading, then its lines."""
    found: dict[str, list[_Line]] = {}
    known = {each.lower() for each in SECTIONS}
    own: list[_Line] | None = None
    level, fence = 0, ""
    for line in lines:
        fence = _fenced(line.text, fence)
        heading = None if fence else _HEADING.fullmatch(line.text)
        title = heading[2].strip().rstrip(":").lower() if heading else ""
        if heading and (title in known or len(heading[1]) <= level):
            own, level = (found.setdefault(title, []), len(heading[1])) if title in known else (None, 0)
        if own is not None:
            own.append(line)
    return found


def _fenced(text: str, fence: str) -> str:
    """Return the fence of the block of code that goes on after this line; empty outside of one."""
    found = _FENCE.match(text)
    if not found:
        return fence
    if not fence:
        return found[1]
    closes = found[1][0] == fence[0] and len(found[1]) >= len(fence) and not text[found.end() :].strip()
    return "" if closes else fence


def _lacking(title: str, sections: Mapping[str, list[_Line]], end: int) -> Iterator[Problem]:
    own = sections.get(title.lower())
    if own is None:
        yield Problem(end, f"the section '## {title}'")
    elif not any(_says(each) for each in _body(own)):
        yield Problem(own[0].number, f"something in the section '{title}'")


def _body(section: list[_Line]) -> list[_Line]:
    """Return a section's lines without the heads of its tables."""
    body = section[1:]
    return [each for at, each in enumerate(body) if not (at + 1 < len(body) and _is_rule(body[at + 1].text))]


def _says(line: _Line) -> bool:
    """Whether a line says anything: it is no heading, no rule of a table, no placeholder."""
    text = line.text.strip().strip("|*_>`~ \t-+:").strip()
    return bool(re.search(r"\w", text)) and text.lower() not in _NOBODY and not _HEADING.fullmatch(line.text)


def _is_rule(text: str) -> bool:
    return "-" in text and "|" in text and _RULE.fullmatch(text) is not None


def _action_items(lines: list[_Line]) -> Iterator[_ActionItem]:
    columns: list[str] = []
    rule = -1
    for at, line in enumerate(lines):
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        if not columns and "|" in line.text and _is_rule(following):
            columns, rule = [each.lower() for each in _cells(line.text)], at + 1
        elif "|" not in line.text and (item := _ITEM.fullmatch(line.text)):
            yield _listed(line, item[1])
        elif columns and "|" in line.text and at != rule:
            yield _row(line, columns)
        elif not line.text.strip():
            columns = []


def _row(line: _Line, columns: list[str]) -> _ActionItem:
    cells = _cells(line.text)
    by_name = dict(zip(columns, cells, strict=False))
    due = next((by_name[each] for each in by_name if each.startswith("due")), "")
    return _ActionItem(line.number, cells[0] if cells else "", by_name.get("owner", ""), due)


def _listed(line: _Line, text: str) -> _ActionItem:
    owner, due = _OWNER.search(text), _DUE.search(text)
    return _ActionItem(line.number, text, owner[1].strip() if owner else "", due[1].strip() if due else "")


def _cells(text: str) -> list[str]:
    inner = text.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [each.strip() for each in _BAR.split(inner)]


def _undecided(item: _ActionItem) -> Iterator[Problem]:
    if item.what.strip("*_` ").lower() in _NOBODY:
        yield Problem(item.line, "what is to be done")
    if item.owner.strip("*_` ").lower() in _NOBODY:
        yield Problem(item.line, "the owner of this action item")
    due = item.due.strip("*_` ")
    if due.lower() in _NOBODY:
        yield Problem(item.line, "the due date of this action item, such as 2031-05-30")
    elif not _is_date(due):
        yield Problem(item.line, f"a due date that is one, such as 2031-05-30: '{due}' is none")


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
