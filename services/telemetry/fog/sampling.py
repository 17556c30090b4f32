"""Which traces are kept: decided by the trace's id alone, so that every service's part of a trace has the same fate."""

from __future__ import annotations

import hashlib

RANDOM_BYTES = 7
"""The last so many bytes of a trace's id are random (W3C Trace Context, level 2)."""
EVERY = 1 << (8 * RANDOM_BYTES)


def kept(trace_id: bytes, one_in: int) -> bool:
    """Whether a trace is among those kept; of two ratios, the larger one keeps what the smaller one keeps, too."""
    return int.from_bytes(trace_id[-RANDOM_BYTES:], "big") >= EVERY - EVERY // one_in


def apart(trace_id: bytes) -> bytes:
    """Return the id of the trace that a service begins when it doesn't get the context of this one."""
    return hashlib.blake2b(trace_id, digest_size=16).digest() if trace_id else b""
