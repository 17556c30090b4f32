"""LogQL's words, each with its place in the query."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from services.telemetry.durations import PART
from services.telemetry.loki.syntax import LogqlError


class Kind(StrEnum):
    """What a word is, as error messages call it."""

    STRING = "STRING"
    DURATION = "DURATION"
    NUMBER = "NUMBER"
    IDENTIFIER = "IDENTIFIER"
    SIGN = "sign"
    END = "$end"


@dataclass(frozen=True)
class Token:
    """One word; `text` is its meaning: a string without its quotes."""

    kind: Kind
    text: str
    line: int
    column: int

    @property
    def shown(self) -> str:
        """The word in an error message."""
        return self.text if self.kind is Kind.SIGN else str(self.kind)


_WORD = re.compile(
    rf"""
    (?P<space>\s+|\#[^\n]*)
    |(?P<STRING>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
    |(?P<DURATION>(?:{PART})+)
    |(?P<NUMBER>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<IDENTIFIER>[a-zA-Z_][a-zA-Z0-9_]*)
    |(?P<sign>\|=|\|~|\|>|!>|=~|!~|!=|==|>=|<=|[{{}}()\[\],|=<>+\-])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)")
_PLAIN_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}


def tokens(query: str) -> list[Token]:
    """All words, END last; raises LogqlError at the first place that is none."""
    found: list[Token] = []
    position = 0
    while position < len(query):
        line, column = place(query, position)
        match = _WORD.match(query, position)
        if match is None:
            raise LogqlError(_unreadable(query[position]), line, column)
        if match.lastgroup not in (None, "space"):
            found.append(_token(Kind(match.lastgroup), match.group(), line, column))
        position = match.end()
    return [*found, Token(Kind.END, "", *place(query, position))]


def place(query: str, position: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    before = query[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _unreadable(character: str) -> str:
    if character in '"`':
        return "literal not terminated"
    return f"syntax error: unexpected character {json.dumps(character, ensure_ascii=False)}"


def _token(kind: Kind, text: str, line: int, column: int) -> Token:
    if kind is not Kind.STRING:
        return Token(kind, text, line, column)
    if text.startswith("`"):
        return Token(kind, text[1:-1], line, column)
    try:
        return Token(kind, _ESCAPE.sub(_unescaped, text[1:-1]), line, column)
    except ValueError:
        raise LogqlError(f"invalid escape in {text}", line, column) from None


def _unescaped(match: re.Match[str]) -> str:
    """Go's escapes; raises ValueError for any other, and for what is no character."""
    code = match.group(1)
    if code in _PLAIN_ESCAPES:
        return _PLAIN_ESCAPES[code]
    if code[0] in "xuU" and len(code) > 1:
        character = chr(int(code[1:], 16))
    elif code.isdecimal() and len(code) > 1:
        character = chr(int(code, 8))
    else:
        raise ValueError(code)
    character.encode()  # half of a surrogate pair is no text
    return character
