"""Regular expressions, with RE2: the engine that Loki's own dialect describes.

Its time is linear in the length of the text, so no pattern that somebody types can hold up the whole service, as
Python's own engine could be made to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import re2

MAX_PATTERN_LENGTH = 4096
ANYTHING = "<_>"
MAX_PROGRAM_BYTES = 4 * 1024 * 1024


class PatternError(Exception):
    """A regular expression that RE2 does not take; the message is its own."""


@lru_cache(maxsize=128)
def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found anywhere in a text; raises PatternError."""
    found = _compiled(pattern)
    return lambda text: found.search(text) is not None


@lru_cache(maxsize=128)
def compile_whole(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is the whole text, as matchers of labels ask; raises PatternError."""
    found = _compiled(pattern)
    return lambda text: found.fullmatch(text) is not None


@lru_cache(maxsize=128)
def compile_like(pattern: str) -> Callable[[str], bool]:
    """Whether a whole line is like a pattern, whose `<_>` stand for anything; raises PatternError."""
    pieces = (re2.escape(piece) for piece in pattern.split(ANYTHING))
    found = _compiled(f"(?s){'.*'.join(pieces)}")
    return lambda text: found.fullmatch(text) is not None


def empty_matches(pattern: str) -> bool:
    """Whether a label that is not there would match."""
    return compile_whole(pattern)("")


def _compiled(pattern: str) -> re2._Regexp:
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise PatternError(f"longer than {MAX_PATTERN_LENGTH} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PROGRAM_BYTES
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise PatternError(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from None
