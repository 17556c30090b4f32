"""The players that follow one rule each: a pure function from the look-ups of an incident to an answer.

A rule that finds a component says of it what most often would be true: that its newest change of the last hour did it;
of one without a change, that its infrastructure failed, or that it got worse, where it is not ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bench.shortcuts.answers import TRIGGERS, Answer
from bench.shortcuts.snapshot import Json, Snapshot, moment
from labctl.model.fault import Fault
from labctl.model.services import SERVICES
from labctl.model.vocabulary import Component, Trigger
from labctl.verify import misdirection
from labctl.verify.dashboard_signals import COMPONENTS, Signal


def newest_change(seen: Snapshot) -> Answer | None:
    """Answer with the newest entry of the change feed."""
    return _changed(seen.changes[-1]) if seen.changes else None


def newest_change_there(seen: Snapshot) -> Answer | None:
    """Answer with the newest change of the service that the page names."""
    return _on(str(seen.page["service"]), seen.changes)


def largest_diff(seen: Snapshot) -> Answer | None:
    """Answer with the change whose difference has most lines; of several, with the newest."""
    changed = [each for each in seen.changes if each["diff"]]
    return _changed(max(reversed(changed), key=_lines_changed)) if changed else None


def loudest(seen: Snapshot, dashboard: Sequence[Signal]) -> Answer | None:
    """Answer with the component that changed most on a dashboard."""
    found = misdirection.ranked(_panels(seen, dashboard))
    return _on(found[0].component, seen.changes) if found else None


def first_error(seen: Snapshot) -> Answer | None:
    """Answer with the service that wrote the first line of level error."""
    return _on(min(seen.errors, key=_written)["service"], seen.changes) if seen.errors else None


def most_failing_spans(seen: Snapshot) -> Answer | None:
    """Answer with the service that has most failed spans; of several, with the first in the alphabet."""
    counted = Counter(span["service"] for trace in seen.failing for span in trace["spans"] if span["error"])
    return _on(_most(counted), seen.changes) if counted else None


def commonest_answer(faults: Iterable[Fault]) -> Answer:
    """Answer with what is most often the cause in the catalogue, whatever there is to see."""
    causes = [each.root_cause for each in faults]
    component, _, trigger = _most(Counter(f"{each.component} {each.trigger}" for each in causes)).partition(" ")
    return Answer(component, trigger)


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda each: (-counted[each], each))


def _changed(change: Json) -> Answer:
    return Answer(str(change["component"]), str(TRIGGERS.get(change["kind"], Trigger.NOTHING)))


def _on(component: str, changes: Sequence[Json]) -> Answer:
    newest = next((each for each in reversed(changes) if each["component"] == component), None)
    if newest is not None:
        return _changed(newest)
    ours = component not in SERVICES or SERVICES[component].ours
    return Answer(component, str(Trigger.INFRASTRUCTURE_FAILURE if ours else Trigger.DEPENDENCY_DEGRADATION))


def _lines_changed(change: Json) -> int:
    lines = change["diff"].splitlines()
    return sum(line[:1] in "+-" and not line.startswith(("+++", "---")) for line in lines if line)


def _written(line: Json) -> float:
    return moment(line["at"])


def _panels(seen: Snapshot, dashboard: Sequence[Signal]) -> list[misdirection.Seen]:
    return [
        misdirection.Seen(component, signal, seen.healthy.part(series.points), seen.paged.part(series.points))
        for signal in dashboard
        for series in seen.curves[signal.query]
        if (component := component_of(signal, series.labels.get(signal.label, ""))) in COMPONENTS
    ]


def component_of(signal: Signal, label: str) -> str:
    """Return the component of a panel's series: an address is that of a service at a port."""
    return str(signal.component or label.partition(":")[0] or Component.NONE)
