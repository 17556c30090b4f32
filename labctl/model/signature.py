"""Whether a fault's signature holds on what was measured: pass, fail, or unknown where telemetry is missing.

Pure: the same measurements can be judged by the signature of every fault, which is what a confusion matrix needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from labctl.model.fault import Fault
from labctl.model.measurement import Measurement
from labctl.model.onset import onset, out_of_order, together
from labctl.model.probe import Probe

Measurements = Mapping[str, Measurement]


class Outcome(StrEnum):
    """What a verification found. Unknown is never a pass."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judgement:
    """The outcome with its reasons (none when it passed), and when things began, in epoch seconds."""

    outcome: Outcome
    reasons: tuple[str, ...]
    held_at: float | None
    """When the whole signature first held at once."""
    onsets: tuple[float | None, ...]
    """One per link of the chain, in its order."""


def probes_of(fault: Fault) -> tuple[Probe, ...]:
    """Return every probe that judging `fault` needs, each once."""
    every = (*(link.probe for link in fault.chain), *fault.signature, fault.symptom)
    return tuple({probe.name: probe for probe in every}.values())


def judge(fault: Fault, measured: Measurements, after: float) -> Judgement:
    """Judge chain and signature on curves whose broken window begins at `after` (epoch seconds)."""
    onsets = tuple(onset(measured[link.probe.name], after) for link in fault.chain)
    held_at = together((measured[probe.name] for probe in fault.signature), after)
    missing = [f"no data to judge '{name}' by" for name in unknown(fault, measured)]
    if missing:
        return Judgement(Outcome.UNKNOWN, tuple(missing), held_at, onsets)
    chain = (*already(fault, measured), *_never_held(fault, onsets), *_order(fault, onsets))
    flaws = _why_never_whole(fault, measured) if held_at is None else _strayed(fault, measured, held_at)
    reasons = (*chain, *flaws)
    return Judgement(Outcome.FAIL if reasons else Outcome.PASS, reasons, held_at, onsets)


def unknown(fault: Fault, measured: Measurements) -> list[str]:
    """Return the names of the probes that could not be judged, in the healthy window or in the broken one."""
    probes = probes_of(fault)
    return [each.name for each in probes if not measured[each.name].known or not measured[each.name].healthy]


def already(fault: Fault, measured: Measurements) -> list[str]:
    """Return one sentence per probe that should begin to hold, but already held for most of the healthy window."""
    moving = dict.fromkeys(probe.name for probe in (*(link.probe for link in fault.chain), *fault.must_move))
    verdicts = {name: measured[name].verdicts(measured[name].healthy) for name in moving}
    held = [name for name, each in verdicts.items() if each and sum(each.values()) * 2 > len(each)]
    return [f"'{name}' already held in the healthy lab" for name in held]


def _never_held(fault: Fault, onsets: tuple[float | None, ...]) -> Iterable[str]:
    return (f"'{link.probe.name}' never held" for link, at in zip(fault.chain, onsets, strict=True) if at is None)


def _order(fault: Fault, onsets: tuple[float | None, ...]) -> Iterable[str]:
    dated = [(link.probe.name, at) for link, at in zip(fault.chain, onsets, strict=True) if at is not None]
    return out_of_order(dated)


def _strayed(fault: Fault, measured: Measurements, held_at: float) -> Iterable[str]:
    """Yield one sentence per probe that must not move but did, for most of the time since the signature first held."""
    for probe in fault.must_not_move:
        verdicts = measured[probe.name].verdicts(measured[probe.name].broken)
        after = [holds for at, holds in verdicts.items() if at >= held_at]
        if sum(after) * 2 < len(after):
            yield f"'{probe.name}' ({probe.tolerance}) did not stay: it held {sum(after) / len(after):.0%} of the time"


def _why_never_whole(fault: Fault, measured: Measurements) -> Iterable[str]:
    yield "the signature never held as a whole"
    for probe in fault.signature:
        verdicts = measured[probe.name].verdicts(measured[probe.name].broken)
        share = sum(verdicts.values()) / len(verdicts)
        if share < 1:
            yield f"'{probe.name}' ({probe.tolerance}) held {share:.0%} of the time"
