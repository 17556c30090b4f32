"""Text that must not be readable at a glance, as labctl writes it: an encoding, no protection."""

from __future__ import annotations

import base64
import hashlib
import itertools

_NONCE_BYTES = 8


def unseal(sealed: str) -> str:
    """Return the text that was sealed (labctl/state/sealing.py). Raises ValueError for what is no such text."""
    raw = base64.b64decode(sealed, validate=True)
    nonce, mixed = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    blocks = (hashlib.sha256(nonce + index.to_bytes(4, "big")).digest() for index in itertools.count())
    body = bytes(a ^ b for a, b in zip(mixed, itertools.chain.from_iterable(blocks), strict=False))
    length = int.from_bytes(body[:4], "big")
    return body[4 : 4 + length].decode()
