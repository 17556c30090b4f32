"""The methodical player: it knows the catalogue, looks every fault's evidence up, and answers with what that supports.

A fault is **supported** when two independent signals of its evidence decide for it, and one against each of its near
misses. Of several, the one whose evidence is most nearly complete counts; of those, the one whose signature is, which
also says what must not move.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.shortcuts.answers import Answer
from bench.shortcuts.snapshot import Series, Snapshot, moment
from labctl.model.fault import Fault
from labctl.model.measurement import Measurement
from labctl.model.onset import onset
from labctl.model.probe import Probe
from labctl.model.signal import Entry, Lines, Metric, Rows, Signal, Spans
from labctl.verify.decided import gaps
from labctl.verify.evidence import more


@dataclass(frozen=True)
class Suspect:
    """A fault, and what speaks for it."""

    fault: Fault
    deciding: tuple[Signal, ...]
    lacks: tuple[str, ...]
    """Why its evidence is not enough, a sentence each."""
    signature: float
    """The share of its signature's probes that hold: what must move does, what must not move doesn't."""

    @property
    def complete(self) -> float:
        """The share of its evidence that decides."""
        return len(self.deciding) / len(self.fault.evidence)


def methodical(seen: Snapshot, faults: Sequence[Fault]) -> Answer | None:
    """Return the root cause that the evidence supports best; None when it supports none."""
    supported = [each for each in suspects(seen, faults) if not each.lacks]
    if not supported:
        return None
    cause = supported[0].fault.root_cause
    return Answer(str(cause.component), str(cause.trigger), str(cause.mechanism))


def suspects(seen: Snapshot, faults: Sequence[Fault]) -> list[Suspect]:
    """Return every fault with what speaks for it, the likeliest first."""
    found = []
    for fault in faults:
        deciding = tuple(each for each in fault.evidence if decides(each, seen))
        found.append(Suspect(fault, deciding, tuple(gaps(fault, deciding)), _signature(fault, seen)))
    return sorted(found, key=lambda each: (bool(each.lacks), -each.complete, -each.signature, each.fault.id))


def decides(signal: Signal, seen: Snapshot) -> bool:
    """Whether a signal shows since the lab was broken, and did not show in the healthy lab."""
    match signal:
        case Metric():
            return _moved(signal.probe, seen)
        case Rows():
            return _answered(signal.probe, *seen.rows[signal.probe.query])
        case Lines():
            return _more(signal, seen.lines[signal.name], seen)
        case Spans():
            return _more(signal, seen.traces[signal.name], seen)
        case Entry():
            return _entered(signal, seen)


def _measured(probe: Probe, seen: Snapshot) -> Measurement:
    series: Sequence[Series] = seen.curves[probe.query]
    points = series[0].points if series else ()
    return Measurement(probe, seen.healthy.part(points), seen.broken.part(points))


def _moved(probe: Probe, seen: Snapshot) -> bool:
    found = _measured(probe, seen)
    held = list(found.verdicts(found.healthy).values())
    return onset(found, seen.broken.start) is not None and bool(held) and sum(held) * 2 <= len(held)


def _stayed(probe: Probe, seen: Snapshot) -> bool:
    held = list(_measured(probe, seen).verdicts(seen.paged.part(_measured(probe, seen).broken)).values())
    return bool(held) and sum(held) * 2 >= len(held)


def _answered(probe: Probe, before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return False
    return probe.tolerance.holds(after, before) is True and probe.tolerance.holds(before, before) is not True


def _more(signal: Lines | Spans, times: Sequence[float], seen: Snapshot) -> bool:
    before, after = (sum(window.contains(each) for each in times) for window in (seen.healthy, seen.broken))
    return more(signal, before, after, seen.healthy, seen.broken)


def _entered(signal: Entry, seen: Snapshot) -> bool:
    found = [
        moment(each["at"])
        for each in seen.changes
        if each["component"] == signal.place
        and re.search(signal.pattern, f"{each['kind']} {each['old']} {each['new']}\n{each['diff']}")
    ]
    return any(seen.broken.contains(each) for each in found) and not any(map(seen.healthy.contains, found))


def _signature(fault: Fault, seen: Snapshot) -> float:
    held = [_moved(each, seen) for each in fault.must_move] + [_stayed(each, seen) for each in fault.must_not_move]
    return sum(held) / len(held)
