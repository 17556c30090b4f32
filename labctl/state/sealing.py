"""Text that must not be readable at a glance: a hidden incident's fault, in the state database.

This is an encoding, no protection: the key is in this file, and whoever wants to read a sealed text can. It keeps the
answer from showing up in a `grep`, a backup or a glance at the database, and nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets

_NONCE_BYTES = 8
_BLOCK = 64
"""Sealed texts are padded to whole blocks, so that their length does not tell one fault from another."""


def seal(text: str) -> str:
    """Return `text` in an unreadable form, a different one each time."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    raw = text.encode()
    body = len(raw).to_bytes(4, "big") + raw
    padded = body + bytes(-len(body) % _BLOCK)
    return base64.b64encode(nonce + _mix(padded, nonce)).decode()


def unseal(sealed: str) -> str:
    """Return the text that `seal` was given."""
    raw = base64.b64decode(sealed)
    body = _mix(raw[_NONCE_BYTES:], raw[:_NONCE_BYTES])
    length = int.from_bytes(body[:4], "big")
    return body[4 : 4 + length].decode()


def _mix(data: bytes, nonce: bytes) -> bytes:
    blocks = (hashlib.sha256(nonce + index.to_bytes(4, "big")).digest() for index in itertools.count())
    return bytes(a ^ b for a, b in zip(data, itertools.chain.from_iterable(blocks), strict=False))
