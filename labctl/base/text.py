"""Text that comes from outside: made safe to show on a terminal, and refused where it is not text at all."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

from labctl.base.errors import InputError

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return `text` with control, invisible and direction-changing characters spelled out, a new line too.

    A log line must not move the cursor, colour the screen or hide a part of itself. A text without any width, such as
    accents alone, is spelled out whole: a table would leave it out.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = "".join(
        _spelled(character) if unicodedata.category(character) in _UNSAFE else character for character in text
    )
    return shown if cell_len(shown) else "".join(map(_spelled, shown))


def clipped(text: str, most: int) -> str:
    """Return at most `most` characters of `text`; what is left out is counted in place of it."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"


def visible_lines(text: str) -> str:
    """Return `text` made visible line by line; tabs become spaces."""
    return "\n".join(visible(line) for line in text.expandtabs(4).split("\n"))


def checked(text: str, what: str) -> str:
    """Return `text`, named `what` in messages, if it is UTF-8. Raises InputError: a command line may have any bytes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{what} is not valid UTF-8 at character {error.start + 1}", expected="text in UTF-8"
        ) from error
    return text


def _spelled(character: str) -> str:
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    if known:
        return known
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def number_of(count: int, noun: str) -> str:
    """Return a count with its noun: "1 file", "2 files". The plural takes an s."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
