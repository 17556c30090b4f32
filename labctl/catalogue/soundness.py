"""Whether a fault holds together: the problems that its fields alone show, without a lab and without its file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from labctl.catalogue import evidence_soundness
from labctl.catalogue.fault_names import is_id
from labctl.catalogue.problem import Problem
from labctl.model import services
from labctl.model.fault import DIFFICULTIES, Fault, RootCause
from labctl.model.probe import Probe, Tolerance
from labctl.model.signal import Metric
from labctl.model.vocabulary import Component

_WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def problems(fault: Fault) -> list[Problem]:
    """Return what does not hold together in one fault, one sentence each; empty when all is well."""
    found = [Problem(field, what) for field, what, bad in _rules(fault) if bad]
    return [
        *found,
        *_jumps(fault),
        *_near_misses(fault),
        *_tracks(fault),
        *_unclear_probes(fault),
        *evidence_soundness.problems(fault),
    ]


def _rules(fault: Fault) -> Iterable[tuple[str, str, bool]]:
    yield "story", "the story is missing", not fault.story.strip()
    yield "title", "the title is missing", not fault.title.strip()
    yield "id", "the id is not in lower-case-with-dashes", not is_id(fault.id)
    yield "difficulty", "no difficulty from 1 to 5", fault.difficulty not in DIFFICULTIES
    yield "chain", "the chain has fewer than two links", len(fault.chain) < 2
    yield "chain", "the chain does not end with the symptom", not fault.chain or fault.chain[-1].probe != fault.symptom
    yield "chain", "the chain does not begin at the root cause", not fault.chain or not _starts_at_cause(fault)
    yield "must_move", "no probe is given", not fault.must_move
    yield "must_not_move", "no probe is given", not fault.must_not_move
    yield "impact", "no impact counts as right", not fault.impact
    missed = sorted({str(link.component) for link in fault.chain} - fault.blast_radius)
    yield "blast_radius", f"the blast radius lacks {', '.join(missed)}, of the chain", bool(missed)
    yield "near_misses", "no near miss", not fault.near_misses
    yield "varies", "two ranges are of the same thing", len({each.what for each in fault.varies}) < len(fault.varies)
    lone = sorted(
        each.what for each in fault.varies if len(each.values) < 2 or len(set(each.values)) < len(each.values)
    )
    yield "varies", f"it takes two different values, each once, to vary: {', '.join(lone)}", bool(lone)
    yield "page_within_s", "the time to the page is no positive number", not 0 < fault.page_within_s < math.inf
    yield "load.min_rps", "the least load is no positive number", not 0 < fault.load.min_rps < math.inf
    yield (
        "host",
        "the speeds are not 0 < slowest < fastest",
        not 0 < fault.host.slowest < fault.host.fastest,
    )


def _starts_at_cause(fault: Fault) -> bool:
    causes = [cause.component for cause in (fault.root_cause, *fault.accepted)]
    # A fault without a cause has no component: its chain shows something harmless, and may begin anywhere.
    return Component.NONE in causes or any(adjacent(each, fault.chain[0].component) for each in causes)


def _jumps(fault: Fault) -> Iterator[Problem]:
    for number, link in enumerate(fault.chain):
        if not link.claim.strip():
            yield Problem(f"chain[{number}].claim", "the link says nothing")
    for number, (a, b) in enumerate(zip(fault.chain, fault.chain[1:], strict=False), start=1):
        if not adjacent(a.component, b.component):
            yield Problem(f"chain[{number}]", f"the chain jumps from {a.component} to {b.component}")


def _near_misses(fault: Fault) -> Iterator[Problem]:
    seen: set[RootCause] = set()
    for number, near in enumerate(fault.near_misses):
        field = f"near_misses[{number}]"
        if fault.explains(near.root_cause):
            yield Problem(field, "the near miss counts as right")
        if not near.reason.strip():
            yield Problem(field, "the near miss has no reason")
        if near.root_cause in seen:
            yield Problem(field, "the near miss is there twice")
        seen.add(near.root_cause)


def _tracks(fault: Fault) -> Iterator[Problem]:
    for track in sorted(fault.tracks):
        if not _WORD.fullmatch(track):
            yield Problem("tracks", f"'{track}' is no name in lower-case-with-dashes")


def adjacent(one: Component, other: Component) -> bool:
    """Whether trouble can pass between two components directly: the vocabulary's links say who talks to whom."""
    if one == other:
        return True
    if "-" in one or "-" in other:
        return bool(set(one.split("-")) & set(other.split("-")))
    return services.talk(one, other)


def _unclear_probes(fault: Fault) -> Iterator[Problem]:
    for number, probe in enumerate(fault.must_not_move):
        if probe in fault.must_move:
            yield Problem(f"must_not_move[{number}]", f"probe '{probe.name}' must move as well")
    known: dict[str, Probe] = {}
    for field, probe in named_probes(fault):
        if not probe.name.strip() or not probe.query.strip():
            yield Problem(field, f"probe '{probe.name}' has no name or no query")
        if known.setdefault(probe.name, probe) != probe:
            yield Problem(field, f"two probes are named '{probe.name}'")
        if probe.tolerance.low is None and probe.tolerance.high is None:
            yield Problem(field, f"probe '{probe.name}' tolerates everything")
        if not _can_hold(probe.tolerance):
            yield Problem(field, f"probe '{probe.name}' can never hold")


def _can_hold(tolerance: Tolerance) -> bool:
    low = -math.inf if tolerance.low is None else tolerance.low
    high = math.inf if tolerance.high is None else tolerance.high
    return low <= high and low < math.inf and high > -math.inf


def named_probes(fault: Fault) -> Iterator[tuple[str, Probe]]:
    """Yield every different probe of a fault with the field that it is in first, such as chain[2].probe."""
    places = (
        *((f"chain[{number}].probe", link.probe) for number, link in enumerate(fault.chain)),
        *((f"must_move[{number}]", probe) for number, probe in enumerate(fault.must_move)),
        *((f"must_not_move[{number}]", probe) for number, probe in enumerate(fault.must_not_move)),
        ("symptom", fault.symptom),
        *(
            (f"evidence[{number}]", each.probe)
            for number, each in enumerate(fault.evidence)
            if isinstance(each, Metric)
        ),
    )
    seen: list[Probe] = []
    for field, probe in places:
        if probe not in seen:
            seen.append(probe)
            yield field, probe
