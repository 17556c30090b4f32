"""A fingerprint: the facts of a lab, seen from outside, to compare it at two moments. Taking it changes nothing.

Values that time or a roll-out changes by itself (container ids, start times, counters, lengths) are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from labctl.base.errors import LabStateError, WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.lab.facts import containers, namespaces, postgres, redis, state
from labctl.lab.facts.fact import Facts, is_hashed
from labctl.lab.lab import Lab
from labctl.model.vocabulary import Component

Fingerprint = Facts
PATIENCE_S = 10.0
SHOWN = 160
"""How many characters of a value are shown."""


def take(lab: Lab) -> Fingerprint:
    """Look at every part of a running lab. Raises LabctlError for a part that does not answer."""
    docker = lab.stack.docker
    there = lab.stack.ps()
    ids = {each.service: each.id for each in there if each.running}
    inspected = docker.inspect(*(each.id for each in there))
    looks: list[Callable[[], Facts]] = [
        partial(state.facts, lab),
        partial(containers.facts, inspected),
        partial(namespaces.facts, docker, lab.stack.project, containers.processes(inspected)),
        partial(postgres.facts, docker, _running(ids, Component.POSTGRES)),
        partial(redis.facts, docker, _running(ids, Component.REDIS)),
    ]
    with ThreadPoolExecutor(len(looks), thread_name_prefix="look") as pool:
        running = [pool.submit(look) for look in looks]
    return {place: value for each in running for place, value in each.result().items()}


def _running(ids: Mapping[str, str], service: str) -> str:
    if service not in ids:
        raise LabStateError(f"{service} is not running", expected="every part of the lab", todo="see `labctl status`")
    return ids[service]


def leftovers(lab: Lab, before: Fingerprint) -> list[str]:
    """Return the differences that are still there after PATIENCE_S seconds: a session that just ends gets that time."""
    found: list[str] = []

    def nothing() -> bool:
        found[:] = differences(before, take(lab))
        return not found

    # When time runs out, the answer is what the last look found.
    with suppress(WaitTimeoutError):
        wait_until(nothing, what="the lab as it was", timeout=PATIENCE_S, interval=1.0)
    return found


def differences(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Return the facts that are not as before, one sentence each, sorted by place."""
    places = sorted(before.keys() | after.keys())
    return [said for place in places for said in _difference(place, before.get(place), after.get(place))]


def _difference(place: str, before: str | None, after: str | None) -> Iterator[str]:
    if before == after:
        return
    if before is None:
        yield f"{place} is new{_told(after)}"
    elif after is None:
        yield f"{place} is gone{_told(before)}"
    elif is_hashed(before):
        yield f"{place} is not what it was"
    else:
        yield f"{place} was {_short(before)} and is {_short(after)}"


def _told(value: str | None) -> str:
    return f" ({_short(value)})" if value and not is_hashed(value) else ""


def _short(value: str) -> str:
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
