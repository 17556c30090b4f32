"""The one look at an incident: everything that any player asks, asked once through `labctl … --json`."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.shortcuts.learner import Json, Learner
from bench.shortcuts.snapshot import Series, Snapshot, moment
from labctl.base.errors import LabctlError
from labctl.model.cadence import Cadence
from labctl.model.fault import Fault
from labctl.model.measurement import Window, finite
from labctl.model.signal import Lines, Metric, Rows, Signal, Spans
from labctl.state.change_feed import PASSING
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES

MOST_LINES = 5000
MOST_TRACES = 200
MOST_FAILING = 20
SLACK_S = 2


@dataclass(frozen=True)
class Looking:
    """What is asked: for the evidence and the signatures of the catalogue's faults, and for the dashboards."""

    learner: Learner
    faults: Sequence[Fault]

    def database(self) -> Mapping[str, float | None]:
        """Return what the database answers now to every statement of the catalogue's evidence."""
        return {each.probe.query: self._number(each) for each in self._signals() if isinstance(each, Rows)}

    def look(
        self, fog: str, cadence: Cadence, healthy: Window, page: Json, before: Mapping[str, float | None]
    ) -> Snapshot:
        """Look at an incident that has just paged; `before` is what the database answered in the healthy lab."""
        since = f"{math.ceil(time.time() - healthy.start) + SLACK_S}s"
        broken = f"{math.ceil(time.time() - healthy.end) + SLACK_S}s"
        after = self.database()
        curves = {query: self._curves(query, cadence, since) for query in self._queries()}
        return Snapshot(
            fog=fog,
            healthy=healthy,
            looked_at=time.time(),
            page=page,
            changes=self._changes(),
            curves=curves,
            lines={each.name: self._lines(each, since) for each in self._signals() if isinstance(each, Lines)},
            traces={each.name: self._traces(each, since) for each in self._signals() if isinstance(each, Spans)},
            errors=self.learner.ask("logs", "--level", "error", "--since", broken, "--limit", str(MOST_LINES))["lines"],
            failing=self._failing(broken),
            rows={statement: (before.get(statement), found) for statement, found in after.items()},
        )

    def _signals(self) -> Iterable[Signal]:
        return {each: None for fault in self.faults for each in fault.evidence}

    def _queries(self) -> Iterable[str]:
        probes = [probe.query for fault in self.faults for probe in fault.signature]
        evidence = [each.probe.query for each in self._signals() if isinstance(each, Metric)]
        return dict.fromkeys([*evidence, *probes, *(each.query for each in (*OVERVIEW, *RESOURCES))])

    def _curves(self, query: str, cadence: Cadence, since: str) -> Sequence[Series]:
        # Who reads rates in fog takes windows that hold enough points.
        found = self.learner.ask("metrics", "--range", since, "--step", "1s", "--", cadence.widened(query))
        return [Series(each["labels"], _points(each["points"])) for each in found["series"]]

    def _lines(self, signal: Lines, since: str) -> Sequence[float]:
        service = ("--service", str(signal.place), "--grep", signal.pattern)
        found = self.learner.ask("logs", *service, "--since", since, "--limit", str(MOST_LINES))
        return [moment(each["at"]) for each in found["lines"]]

    def _traces(self, signal: Spans, since: str) -> Sequence[float]:
        which = ["--service", str(signal.place), "--operation", signal.operation]
        which += ["--min-ms", f"{signal.min_ms:g}"] if signal.min_ms is not None else []
        which += ["--errors"] if signal.failed else []
        found = self.learner.ask("traces", *which, "--since", since, "--limit", str(MOST_TRACES))
        return [moment(each["start"]) for each in found["traces"]]

    def _failing(self, since: str) -> Sequence[Json]:
        found = self.learner.ask("traces", "--errors", "--since", since, "--limit", str(MOST_FAILING))
        return [self.learner.ask("trace", each["id"]) for each in found["traces"]]

    def _changes(self) -> Sequence[Json]:
        feed = self.learner.ask("changes", "--since", "1h")["changes"]
        passed: dict[str, int] = {}
        told = []
        for each in reversed(feed):
            back = passed.get(each["component"], 0)
            has_diff = each["kind"] not in PASSING
            passed[each["component"]] = back + has_diff
            told.append({**each, "diff": self._diff(each["component"], back) if has_diff else ""})
        return told[::-1]

    def _diff(self, component: str, back: int) -> str:
        return str(self.learner.ask("diff", component, *(("--back", str(back)) if back else ()))["diff"])

    def _number(self, signal: Rows) -> float | None:
        try:
            (row,) = self.learner.ask("sql", "--limit", "1", "--", signal.probe.query)["rows"] or ((None,),)
            return None if row[0] is None else float(str(row[0]))
        except (LabctlError, ValueError):
            return None  # a database that does not answer shows nothing


def _points(points: Iterable[Sequence[str | float | None]]) -> tuple[tuple[float, float], ...]:
    return finite([(moment(str(at)), float(value)) for at, value in points if value is not None])
