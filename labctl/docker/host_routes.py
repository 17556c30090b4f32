"""The networks that this host has routes to: a lab's network must not hide one of them.

Linux tells them; elsewhere Docker runs in a machine of its own, and only its own networks count.
"""

from __future__ import annotations

import sys
from ipaddress import IPv4Network
from pathlib import Path

ROUTES = Path("/proc/net/route")
NARROWEST_TO_EVERYWHERE = 7
"""A route as wide as this leads to the rest of the world, as a default route does, and not to a network near by."""


def networks(routes: Path = ROUTES) -> list[IPv4Network]:
    """Return the networks that have a route; none where the system does not tell."""
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return []
    found = (_network(*line.split()[1:8:6]) for line in lines if len(line.split()) > 7)
    return [each for each in found if each.prefixlen > NARROWEST_TO_EVERYWHERE]


def _network(destination: str, mask: str) -> IPv4Network:
    """Return the network of a line, whose numbers the kernel writes as they lie in memory."""
    first, bits = (int(each, 16).to_bytes(4, sys.byteorder) for each in (destination, mask))
    return IPv4Network((first, int.from_bytes(bits, "big").bit_count()), strict=False)
