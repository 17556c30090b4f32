"""LogQL queries built from a learner's options, quoted so that no option can change the query's meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from labctl.base.errors import InputError
from labctl.base.text import checked
from labctl.lookups.spans import ORIGIN

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

ANY_SERVICE = '{service_name=~".+"}'
"""Loki wants a selector that is not empty."""


LEVELS = ("trace", "debug", "info", "warn", "error", "fatal")
_LEVEL_WORDS = {"warning": "warn", "critical": "fatal", "err": "error", "information": "info"}


@dataclass(frozen=True)
class LineFilter:
    """Which log lines: of one service, matching a regular expression, of one trace, of a level; None means any."""

    service: str | None = None
    pattern: str | None = None
    trace_id: str | None = None
    level: str | None = None
    """This one and the worse ones."""
    of_clients: bool = False
    """Without the lines that somebody's own requests left."""

    def logql(self) -> str:
        """Return the query. Raises InputError for a pattern that is no regular expression."""
        query = self._selector()
        if self.pattern is not None:
            query += f" |~ {quoted(checked_pattern(self.pattern))}"
        if self.trace_id is not None:
            query += f" | trace_id={quoted(self.trace_id)}"
        if self.of_clients:
            query += f' | {ORIGIN.replace(".", "_")}=""'
        return query

    def _selector(self) -> str:
        service = ANY_SERVICE if self.service is None else f"{{service_name={quoted(self.service)}}}"
        if self.level is None:
            return service
        worse = LEVELS[LEVELS.index(checked_level(self.level)) :]
        return f'{service[:-1]}, level=~"{"|".join(worse)}"}}'


def checked_level(level: str) -> str:
    """Return one of LEVELS for a word that means it. Raises InputError."""
    word = level.strip().lower()
    word = _LEVEL_WORDS.get(word, word)
    if word not in LEVELS:
        raise InputError(f"--level: '{level}' is no level", expected=f"one of {', '.join(LEVELS)}")
    return word


def quoted(text: str) -> str:
    """Return `text` as a LogQL string: Go's double-quoted literal. Raises InputError for what is no UTF-8."""
    return f'"{"".join(_escaped(character) for character in checked(text, "the log query"))}"'


def checked_pattern(pattern: str) -> str:
    """Return `pattern` when it is a regular expression. Raises InputError that says where it breaks."""
    try:
        re.compile(pattern)
    except re.error as error:
        where = f" at character {error.pos + 1}" if error.pos is not None else ""
        raise InputError(
            f"'{pattern}' is not a regular expression: {error.msg}{where}",
            expected="such as 'timeout|refused', 'status=5..' or, for a literal bracket, '\\['",
        ) from error
    return pattern


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character >= " " and character != "\x7f" else f"\\x{ord(character):02x}"
