"""Whether signatures tell faults apart: each signature judged on a run of any fault, or on a healthy lab.

A signature that holds where its fault is not at work recognises nothing. What is missing decides nothing either, unless
the rest of the signature rules it out: a signature of which one known part never holds with the others can't hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labctl.model.fault import Fault
from labctl.model.measurement import Curve, Measurement, Window
from labctl.model.onset import together

Curves = Mapping[str, Curve]
"""Curves by their query: faults share queries, with tolerances of their own."""


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
    """Judge every fault's signature on the curves of one run, whichever fault it was of."""
    return tuple(cell(fault, curves, healthy, broken) for fault in faults)


def cell(fault: Fault, curves: Curves, healthy: Window, broken: Window) -> Cell:
    """Judge one signature: it holds when all of it holds at once, for as long as `onset` asks for."""
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
    """Return one sentence per signature of another fault of which nobody can say whether it held under this one."""
    return [
        f"whether the signature of {each.signature} holds under {fault_id} is unknown: no data for "
        + ", ".join(f"'{name}'" for name in each.missing)
        for each in judged
        if each.holds is Held.UNKNOWN and each.signature != fault_id
    ]
