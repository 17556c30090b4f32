"""Which addresses the hub takes at all: those that mean the same to everybody who reads them."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

LONGEST = 8000
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+")
_QUERY = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]|{}\"<>^`\\-]*")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SECRET = re.compile(rb"[\x00-\x1f\x7f/\\%]")
"""What no escape in a path may stand for: a reader that decodes twice, or early, would see another path."""


def plain(target: str) -> bool:
    """Whether a request's target is one path, with or without a query, that nobody can read in another way.

    No other host's address, no empty or dotted part, no escaped slash, no escape in an escape.
    """
    path, _, query = target.partition("?")
    if len(target) > LONGEST or not _PATH.fullmatch(path) or not _QUERY.fullmatch(query) or _ESCAPE.search(path):
        return False
    parts = path.split("/")[1:]
    if any(part == "" for part in parts[:-1]):
        return False
    return all(map(_is_plain, map(unquote_to_bytes, parts)))


def _is_plain(part: bytes) -> bool:
    if part in (b".", b"..") or _SECRET.search(part):
        return False
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
