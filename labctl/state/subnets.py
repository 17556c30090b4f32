"""The subnet of a lab's network: chosen free from a configurable private range, then kept.

Docker's own pools end at about 30 networks on a host; a range of ours has room for a thousand labs.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network

from labctl.base.errors import HostError, InputError

RANGES_VARIABLE = "LABCTL_SUBNETS"
DEFAULT_RANGES = "10.213.0.0/16, 172.30.0.0/16, 192.168.213.0/24"
"""The first is where labs go; the others are for hosts on which something else has it."""
PREFIX = 26
"""62 addresses: four times as many as a lab has containers while one is rolled out and helpers look on."""
PRIVATE = tuple(IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""The addresses that RFC 1918 leaves to everybody's own networks."""


def ranges(text: str | None = None) -> tuple[IPv4Network, ...]:
    """Return the ranges that a text names, by default LABCTL_SUBNETS. Raises InputError for what no lab could use."""
    given = os.environ.get(RANGES_VARIABLE, "") if text is None else text
    named = [each.strip() for each in (given.strip() or DEFAULT_RANGES).split(",") if each.strip()]
    return tuple(_range(each) for each in named)


def choose(name: str, among: Sequence[IPv4Network], taken: Iterable[IPv4Network]) -> IPv4Network:
    """Return a subnet that overlaps with none of those taken; the name says where in each range the search begins.

    Raises HostError when every one is taken.
    """
    others = sorted(taken)
    found = next((each for each in _subnets(name, among) if not overlaps(each, others)), None)
    if found is None:
        raise HostError(
            f"no free subnet for another lab in {', '.join(map(str, among))}",
            expected=f"a /{PREFIX} that overlaps with no network of Docker's and no route of this host",
            todo=f"take labs down that are not needed, or name another private range: {RANGES_VARIABLE}=10.64.0.0/16",
        )
    return found


def overlaps(subnet: IPv4Network, others: Iterable[IPv4Network]) -> bool:
    """Whether a subnet has an address in common with one of the others."""
    return any(subnet.overlaps(each) for each in others)


def _range(text: str) -> IPv4Network:
    expected = f"private networks of /{PREFIX} or larger, such as {RANGES_VARIABLE}=10.213.0.0/16"
    try:
        found = IPv4Network(text)
    except ValueError as error:
        raise InputError(f"{RANGES_VARIABLE}: {text} is not a network ({error})", expected=expected) from error
    if found.prefixlen > PREFIX or not any(found.subnet_of(each) for each in PRIVATE):
        raise InputError(f"{RANGES_VARIABLE}: {text} is no range for labs", expected=expected)
    return found


def _subnets(name: str, among: Sequence[IPv4Network]) -> Iterator[IPv4Network]:
    for each in among:
        size = 2 ** (PREFIX - each.prefixlen)
        start = random.Random(f"{name}/{each}").randrange(size)
        for number in range(size):
            place = (start + number) % size
            yield IPv4Network((int(each.network_address) + place * 2 ** (32 - PREFIX), PREFIX))
