"""The debrief's section on mitigation: what was done for the users, how soon they were well, what it cost to know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labctl.base.times import show_clock
from labctl.model.fault import Fault
from labctl.model.incident import Incident
from labctl.model.mitigation import HELD_IN_MEMORY
from labctl.play.mitigations import Back, Taken
from labctl.state.journal import LOOK_UP, Entry

TOGETHER_S = 25.0
"""An alert's figures cover twenty seconds: of two steps that are closer than this, nobody can tell which one helped."""


@dataclass(frozen=True)
class StepTaken:
    """One step; `at_s` counts from the page."""

    number: int
    at_s: float
    step: str
    undone: bool
    together_with: tuple[int, ...]
    """The steps so close to it that nobody can tell which one helped."""
    evidence_lost: str
    """What only the memory of the replaced process held, when nobody had looked at it; else empty."""


@dataclass(frozen=True)
class Known:
    """What one way to help does under the fault."""

    step: str
    restores: bool
    why: str


@dataclass(frozen=True)
class Mitigated:
    """How users were helped, apart from the root cause."""

    steps: tuple[StepTaken, ...]
    time_to_mitigate_s: float | None
    """Seconds from the page until no page fired any more, for good; null when no step was taken before, or it did not
    happen."""
    remarks: tuple[str, ...]
    known: tuple[Known, ...]
    """Ways that restore the service level under this fault, and plausible ones that don't."""


NOTHING_DONE = Mitigated((), None, (), ())


def tell(
    fault: Fault, incident: Incident, taken: Sequence[Taken], back: Back | None, entries: Iterable[Entry]
) -> Mitigated:
    """Return the section; `entries` are the lab's journal, `back` is when the last page ended, None if not measured."""
    back_at = back.at if back else None
    page = incident.page
    known = tuple(Known(str(each), each.restores, each.why) for each in fault.mitigations)
    if page is None:
        return Mitigated((), None, (), known)
    looks = [each for each in entries if each.kind == LOOK_UP and each.at >= page.at]
    steps = tuple(
        StepTaken(each.number, incident.elapsed_s(each.began_at), each.what, each.undone_at is not None,
                  _together(each, taken), _lost(each, looks, taken))
        for each in taken
    )  # fmt: skip
    helped = back_at is not None and any(each.began_at <= back_at and not each.undone_at for each in taken)
    took = incident.elapsed_s(back_at) if back_at is not None and helped else None
    remarks = _remarks(steps, took, taken, back)
    return Mitigated(steps, took, tuple(remarks), known)


def _together(step: Taken, taken: Sequence[Taken]) -> tuple[int, ...]:
    close = (each for each in taken if each is not step and _gap(step, each) < TOGETHER_S)
    return tuple(each.number for each in close)


def _gap(one: Taken, other: Taken) -> float:
    earlier, later = sorted((one, other), key=lambda each: each.began_at)
    return later.began_at - earlier.done_at


def _lost(step: Taken, looks: Sequence[Entry], taken: Sequence[Taken]) -> str:
    service = step.restarts
    if not service or service not in HELD_IN_MEMORY:
        return ""
    gone_before = any(each.restarts == service and each.began_at < step.began_at for each in taken)
    seen = any(each.at <= step.began_at and _concerns(each, service) for each in looks)
    return "" if seen or gone_before else HELD_IN_MEMORY[service]


def _concerns(look: Entry, service: str) -> bool:
    """Whether a look-up was about a service: it was named, or it asked everybody about what a process holds."""
    asked = " ".join(str(value) for value in look.payload.values())
    return service in asked or (service == "postgres" and look.payload.get("command") == "sql")


def _remarks(
    steps: Sequence[StepTaken], took: float | None, taken: Sequence[Taken], back: Back | None
) -> Iterable[str]:
    if not steps:
        yield "nothing was done for the users before the end: finding the cause need not come first"
        return
    if back is None:
        yield "when the service level came back was not measured before the lab was gone"
    elif took is None and back.at is not None:
        yield "the pages had ended before the first step: it was not what helped"
    elif took is None:
        yield "no step brought the service level back before the lab was healed"
    else:
        before = [each for each in taken if each.done_at <= (back.at or 0.0) and not each.undone_at]
        last = f", with '{before[-1].what}' as the last step" if before else ""
        yield f"the service level was back {show_clock(took)} after the page{last}"
    for close in _clusters(steps):
        *others, last = map(str, close)
        yield f"{', '.join(others)} and {last} came within {TOGETHER_S:.0f} s: which of them helped, nobody can tell"
    for each in steps:
        if each.evidence_lost:
            yield f"{each.number} ('{each.step}') came before anybody had looked there: gone are {each.evidence_lost}"


def _clusters(steps: Sequence[StepTaken]) -> Iterable[tuple[int, ...]]:
    """Yield the numbers of steps of which each is close to the next."""
    cluster: list[int] = []
    for each in steps:
        if not set(each.together_with) & set(cluster):
            if len(cluster) > 1:
                yield tuple(cluster)
            cluster = []
        cluster.append(each.number)
    if len(cluster) > 1:
        yield tuple(cluster)
