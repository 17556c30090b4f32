"""The catalogue: which faults there are, how one is chosen, and whether each holds together."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from faults import FAULTS
from labctl.errors import CatalogueError, InputError, NotFoundError
from labctl.fault import Fault
from labctl.signature import probes_of
from labctl.vocabulary import Category, Component

DIFFICULTIES = range(1, 6)


def by_id(fault_id: str, faults: Sequence[Fault] = FAULTS) -> Fault:
    """Return the fault with this id. Raises NotFoundError with the nearest one."""
    for fault in faults:
        if fault.id == fault_id:
            return fault
    raise NotFoundError(
        "fault", fault_id, (fault.id for fault in faults), todo="run `labctl faults` to see the catalogue"
    )


def tracks(faults: Sequence[Fault] = FAULTS) -> set[str]:
    """Return the names that faults can be chosen by: the five categories, and the tracks that faults name."""
    return {str(category) for category in Category}.union(*(fault.tracks for fault in faults))


def pick(
    seed: int, *, track: str | None = None, difficulty: int | None = None, faults: Sequence[Fault] = FAULTS
) -> Fault:
    """Return a random fault; the same seed and catalogue give the same one."""
    if track is not None and track not in tracks(faults):
        raise NotFoundError("track", track, tracks(faults))
    if difficulty is not None and difficulty not in DIFFICULTIES:
        raise InputError(f"there is no difficulty {difficulty}", expected=f"1 to {DIFFICULTIES[-1]}")
    fitting = [each for each in faults if _fits(each, track, difficulty)]
    if not fitting:
        raise CatalogueError(
            "no fault fits the track, the difficulty and the load asked for",
            expected="at least one",
            todo="ask for less, or raise --rps",
        )
    return random.Random(seed).choice(sorted(fitting, key=lambda fault: fault.id))


def _fits(fault: Fault, track: str | None, difficulty: int | None) -> bool:
    on_track = track is None or track == fault.category or track in fault.tracks
    return on_track and difficulty in (None, fault.difficulty)


def problems(fault: Fault) -> list[str]:
    """Return what does not hold together in one fault, one sentence each; empty when all is well."""
    found = [text for text, bad in _rules(fault) if bad]
    return found + [f"the chain jumps from {a} to {b}" for a, b in _jumps(fault)] + _unclear_probes(fault)


def _rules(fault: Fault) -> Iterable[tuple[str, bool]]:
    wrong = [near.root_cause for near in fault.near_misses]
    yield "the story is missing", not fault.story.strip()
    yield "the id is not in lower-case-with-dashes", not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", fault.id)
    yield "no difficulty from 1 to 5", fault.difficulty not in DIFFICULTIES
    yield "the chain has fewer than two links", len(fault.chain) < 2
    yield "the chain does not end with the symptom", not fault.chain or fault.chain[-1].probe != fault.symptom
    yield "the chain does not begin at the root cause", not fault.chain or not _starts_at_cause(fault)
    yield "nothing must move", not fault.must_move
    yield "nothing must stay", not fault.must_not_move
    yield "no impact counts as right", not fault.impact
    yield "the blast radius misses a link of the chain", not {ln.component for ln in fault.chain} <= fault.blast_radius
    yield "no near miss", not wrong
    yield "a near miss counts as right", any(fault.explains(each) for each in wrong)
    yield "a near miss has no reason", any(not near.reason.strip() for near in fault.near_misses)
    yield "a near miss is there twice", len(set(wrong)) < len(wrong)


def _starts_at_cause(fault: Fault) -> bool:
    return any(adjacent(cause.component, fault.chain[0].component) for cause in (fault.root_cause, *fault.accepted))


def _jumps(fault: Fault) -> list[tuple[Component, Component]]:
    steps = zip(fault.chain, fault.chain[1:], strict=False)
    return [(a.component, b.component) for a, b in steps if not adjacent(a.component, b.component)]


def adjacent(one: Component, other: Component) -> bool:
    """Whether trouble can pass between two components directly: the vocabulary's links say who talks to whom."""
    if one == other:
        return True
    if "-" in one or "-" in other:
        return bool(set(one.split("-")) & set(other.split("-")))
    return any({one.value, other.value} == set(pair) for pair in _CONVERSATIONS)


_CONVERSATIONS = (
    *(tuple(component.split("-")) for component in Component if "-" in component),
    (Component.CLIENTS, Component.GATEWAY),
    (Component.JOBS, Component.POSTGRES),
)


def _unclear_probes(fault: Fault) -> list[str]:
    probes = (*(link.probe for link in fault.chain), *fault.signature)
    by_name = {probe.name: probe for probe in probes}
    unclear = [f"probe '{each.name}' is empty" for each in probes if not each.name.strip() or not each.query.strip()]
    twice = [f"two probes are named '{each.name}'" for each in probes if by_name[each.name] != each]
    open_ended = [each for each in probes_of(fault) if each.tolerance.low is None and each.tolerance.high is None]
    return unclear + twice + [f"probe '{each.name}' tolerates everything" for each in open_ended]
