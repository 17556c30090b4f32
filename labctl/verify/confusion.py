"""Whether signatures tell faults apart: each signature judged on a run of any fault, or on a healthy lab.

A signature that holds where its fault is not at work does not recognise its fault. When a probe has no data, the result
is unknown, unless the other probes decide it: if they never hold together, the whole signature can't hold either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labctl.model.fault import Fault
from labctl.model.measurement import Curve, Measurement, Window
from labctl.model.onset import together

Curves = Mapping[str, Curve]
"""Curves by their query: several faults use the same query, each with its own tolerance."""


class Held(StrEnum):
    """Whether a signature held as a whole."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix: whether one signature held in one run."""

    signature: str
    """The id of the fault whose signature it is."""
    holds: Held
    after_s: float | None = None
    """Seconds from the injection until it held."""
    missing: tuple[str, ...] = ()
    """The probes without data."""


def cells(faults: Iterable[Fault], curves: Curves, healthy: Window, broken: Window) -> tuple[Cell, ...]:
    """Judge every fault's signature on the curves of one run of any fault."""
    return tuple(cell(fault, curves, healthy, broken) for fault in faults)


def cell(fault: Fault, curves: Curves, healthy: Window, broken: Window) -> Cell:
    """Judge one signature: it holds when all its probes hold at once, for as long as `onset` requires."""
    measured = [
        Measurement(each, healthy.part(curves[each.query]), broken.part(curves[each.query])) for each in fault.signature
    ]
    known = [each for each in measured if each.known and each.healthy]
    missing = tuple(each.probe.name for each in measured if each not in known)
    held_at = together(known, broken.start)
    if known and held_at is None:
        return Cell(fault.id, Held.NO)
    if missing or held_at is None:
        return Cell(fault.id, Held.UNKNOWN, missing=missing)
    return Cell(fault.id, Held.YES, round(held_at - broken.start, 1))


def confusions(fault_id: str, judged: Sequence[Cell]) -> list[str]:
    """Return one sentence per signature of another fault that held under this one."""
    return [
        f"the signature of {each.signature} held as well, under {fault_id} ({each.after_s:.0f} s after the injection)"
        for each in judged
        if each.holds is Held.YES and each.signature != fault_id
    ]


def unclear(fault_id: str, judged: Sequence[Cell]) -> list[str]:
    """Return one sentence per signature of another fault for which it is unknown whether it held under this one."""
    return [
        f"whether the signature of {each.signature} holds under {fault_id} is unknown: no data for "
        + ", ".join(f"'{name}'" for name in each.missing)
        for each in judged
        if each.holds is Held.UNKNOWN and each.signature != fault_id
    ]
