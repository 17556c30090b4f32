"""Files of KEY=VALUE lines with comments: a service's configuration, a lab's ports and credentials."""

from __future__ import annotations

import difflib
import re

_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def parse(text: str) -> dict[str, str]:
    """Return the settings of a file's text; a key that is there twice has its last value."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match}


def render(settings: dict[str, str]) -> str:
    """Return a file's text with one line per setting."""
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def with_value(text: str, key: str, value: str) -> str:
    """Return `text` with the key's line changed, comments and order kept; a new key goes to the end."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if line.strip().startswith(f"{key}=")]
    for number in places:
        lines[number] = f"{key}={value}"
    return "".join(f"{line}\n" for line in (lines if places else [*lines, f"{key}={value}"]))


def unified_diff(old: str, new: str, path: str) -> str:
    """Return the change between two texts of one file as a unified diff; empty when they are alike."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", n=2, lineterm="")
    return "".join(f"{line}\n" for line in lines)
