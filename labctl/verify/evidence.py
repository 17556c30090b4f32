"""Looks a fault's evidence up as a learner would: in metrics, logs, traces, the change feed and the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from labctl.base.errors import LabctlError
from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase
from labctl.lookups.logql import LineFilter
from labctl.lookups.traces import Search
from labctl.model.fault import Fault
from labctl.model.measurement import Curve, Window, measure
from labctl.model.onset import onset
from labctl.model.signal import Entry, Lines, Metric, Rows, Signal, Spans
from labctl.verify.decided import Looked, gaps, looked

MORE = 3.0
"""Lines and traces decide when they come so many times as often as in the healthy lab, and FEW times at the least."""
FEW = {Lines: 3, Spans: 2}
MOST_LINES = 2000
MOST_TRACES = 200


@dataclass
class Evidence:
    """What a fault's signals showed so far, in a healthy window and since the injection."""

    lab: Lab
    fault: Fault
    healthy: Window
    curves: dict[str, Curve] = field(default_factory=dict)
    """The healthy curves by their query."""
    before: dict[str, float | None] = field(default_factory=dict)
    """The healthy answers of the database by their statement."""
    seen: tuple[Looked, ...] = ()
    deciding: tuple[Signal, ...] = ()

    @property
    def lacks(self) -> list[str]:
        """Why the signals that decide are not enough; empty when they are."""
        return gaps(self.fault, self.deciding)

    def ask_database(self) -> None:
        """Note what the healthy database answers: later it can't be asked any more."""
        self.before = {
            each.probe.query: _number(self.lab, each) for each in self.fault.evidence if isinstance(each, Rows)
        }

    def look(self, broken: Window) -> None:
        """Look every signal up; one that has decided stays decided: who looked then had seen it."""
        found = []
        for each, earlier in zip(self.fault.evidence, self.seen or (None,) * len(self.fault.evidence), strict=True):
            found.append(earlier if earlier and earlier.decides else self._one(each, broken))
        self.seen = tuple(found)
        pairs = zip(self.fault.evidence, found, strict=True)
        self.deciding = tuple(each for each, showed in pairs if showed.decides)

    def _one(self, signal: Signal, broken: Window) -> Looked:
        match signal:
            case Metric():
                return self._metric(signal, broken)
            case Rows():
                return self._rows(signal)
            case Lines() | Spans():
                before, after = (_count(self.lab, signal, window) for window in (self.healthy, broken))
                return looked(signal, more(signal, before, after, self.healthy, broken), before, after, "count")
        before, after = (float(len(_entries(self.lab, signal, window))) for window in (self.healthy, broken))
        return looked(signal, after > 0 and not before, before, after, "count")

    def _metric(self, signal: Metric, broken: Window) -> Looked:
        found = measure(self.lab.metrics, [signal.probe], self.healthy, broken, self.curves)[signal.probe.name]
        began = onset(found, broken.start)
        held = list(found.verdicts(found.healthy).values())
        decides = began is not None and bool(held) and sum(held) * 2 <= len(held)
        value = found.value_after(began if began is not None else broken.start)
        return looked(signal, decides, found.baseline, value, signal.probe.unit)

    def _rows(self, signal: Rows) -> Looked:
        before, after = self.before.get(signal.probe.query), _number(self.lab, signal)
        holds = signal.probe.tolerance.holds
        decides = after is not None and before is not None and holds(after, before) is True
        return looked(signal, decides and holds(before or 0.0, before) is not True, before, after, signal.probe.unit)


def more(signal: Lines | Spans, before: float, after: float, healthy: Window, broken: Window) -> bool:
    """Whether lines or traces came MORE times as often in the broken window as in the healthy one, and not too few."""
    if after < FEW[type(signal)] or not broken.seconds:
        return False
    return after / broken.seconds >= MORE * before / max(healthy.seconds, 1.0)


def _count(lab: Lab, signal: Lines | Spans, window: Window) -> float:
    if isinstance(signal, Lines):
        wanted = LineFilter(service=str(signal.place), pattern=signal.pattern)
        return float(len(lab.logs.search(wanted, window.start, window.end, MOST_LINES)))
    search = Search(
        window.start,
        window.end,
        service=str(signal.place),
        operation=signal.operation,
        min_duration=None if signal.min_ms is None else signal.min_ms / 1000,
        errors=signal.failed,
        limit=MOST_TRACES,
    )
    return float(len(lab.traces.search(search).traces))


def _entries(lab: Lab, signal: Entry, window: Window) -> Sequence[object]:
    feed = lab.store.changes.list(since=window.start, component=str(signal.place))
    texts = (f"{each.kind} {each.old} {each.new}\n{each.detail}" for each in feed if window.contains(each.at))
    return [each for each in texts if re.search(signal.pattern, each)]


def _number(lab: Lab, signal: Rows) -> float | None:
    password = lab.addresses.password("OBSERVER_DB_PASSWORD")
    server = ObserverDatabase(lab.record.ports.postgres, password, host=lab.addresses.host)
    try:
        (row,) = server.run(signal.probe.query, 1).rows or ((None,),)
        return None if row[0] is None else float(str(row[0]))
    except (LabctlError, ValueError):
        return None  # a database that does not answer shows nothing
