"""Text from outside inside Markdown: it stays the text that it is."""

from __future__ import annotations

import re

from labctl.base.text import visible

_SPECIAL = re.compile(r"([\\`*\[<])")
_TICKS = re.compile(r"`+")


def plain(text: str) -> str:
    """Return a text as one line of Markdown that shows it: no HTML, no link, no code, nothing bold."""
    return _SPECIAL.sub(r"\\\1", _line(text))


def code(text: str) -> str:
    """Return a text as code within a line of Markdown, whatever backticks it has."""
    line = _line(text)
    fence = "`" * (max((len(each) for each in _TICKS.findall(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
