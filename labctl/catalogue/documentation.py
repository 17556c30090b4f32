"""The parts of the documentation that are derived from the faults' files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from labctl.base.errors import LabctlError
from labctl.base.tables import table
from labctl.catalogue import listing, mitigation_docs
from labctl.model.fault import DIFFICULTIES, Fault, NearMiss, RootCause
from labctl.model.probe import Bound, Probe
from labctl.model.signal import Signal


def counts_table(faults: Sequence[Fault]) -> str:
    """Return the table of what a learner may know of the faults beforehand, as `labctl faults` shows it."""
    levels = tuple(map(str, DIFFICULTIES))
    rows = (
        (f"`{each.track}`", str(each.faults), *(str(each.by_difficulty[level] or "") for level in levels))
        for each in (*listing.categories(faults), *listing.tracks(faults))
    )
    return table(("Category or track", "Faults", *(f"Difficulty {level}" for level in levels)), rows)


def list_table(faults: Sequence[Fault]) -> str:
    """Return the table of all faults by id, as `labctl faults --spoilers` shows it."""
    rows = (
        (f"[`{each.id}`](#{each.id})", each.category, str(each.difficulty), ", ".join(each.tracks), f"{each.min_rps:g}")
        for each in map(listing.listed, faults)
    )
    return table(("Fault", "Category", "Difficulty (1 to 5)", "Tracks", "Least load (requests/s)"), rows)


def fault_sections(faults: Sequence[Fault]) -> str:
    """Return everything about every fault: the answers."""
    return "\n\n".join(_section(each) for each in faults)


def _section(fault: Fault) -> str:
    impact = ", ".join(f"`{each}`" for each in sorted(fault.impact))
    accepted = "".join(f"\n- also accepted: {_cause(each)}" for each in fault.accepted)
    links = ((str(i), link.component, link.claim, *_row(link.probe)) for i, link in enumerate(fault.chain, start=1))
    parts = (
        f"## {fault.id}",
        f"**{fault.title}.** Category {fault.category}, difficulty {fault.difficulty}.",
        fault.story.strip(),
        f"- root cause: {_cause(fault.root_cause)}{accepted}\n- impact: {impact}",
        "Causal chain, in order of appearance:",
        table(("", "Where", "What happens", "Probe", "Holds when"), links),
        "Must move:",
        table(("Probe", "Holds when"), map(_row, fault.must_move)),
        "Must not move:",
        table(("Probe", "Holds when"), map(_row, fault.must_not_move)),
        *(("Varies:", "\n".join(f"- {each}" for each in fault.varies)) if fault.varies else ()),
        *(
            ("Evidence:", table(("Signal", "Kind", "Seen at", "Tells"), map(_signal, fault.evidence)))
            if fault.evidence
            else ()
        ),
        "Plausible, and wrong:",
        "\n".join(_miss(each) for each in fault.near_misses),
    )
    return "\n\n".join(parts)


def _cause(cause: RootCause) -> str:
    return f"`{cause.component}` / `{cause.trigger}` / `{cause.mechanism}`"


def _row(probe: Probe) -> tuple[str, str]:
    unit = "" if probe.tolerance.bound is Bound.BASELINE_RATIO else probe.unit
    return probe.name, f"{probe.tolerance} {unit}".strip()


def _signal(signal: Signal) -> tuple[str, ...]:
    told = ", ".join(f"`{each}`" for each in sorted(signal.tells))
    return signal.name, signal.kind, signal.place, told


def _miss(near: NearMiss) -> str:
    return f"- {_cause(near.root_cause)}: {' '.join(near.reason.split())}"


def with_region(page: str, name: str, body: str) -> str:
    """Return `page` with `body` between the markers <!-- name --> and <!-- /name -->."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    filled, count = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: f"{start}\n{body}\n{end}", page, flags=re.DOTALL
    )
    if count != 1:
        raise LabctlError(f"the page has {count} regions named '{name}'", expected=f"one, from {start} to {end}")
    return filled


def fault_regions(root: Path, faults: Sequence[Fault]) -> Iterator[tuple[Path, str, str]]:
    """Yield page, region and text for each part of the documentation at `root` that is derived from the faults."""
    yield root / "README.md", "faults", counts_table(faults)
    yield root / "docs" / "faults.md", "list", list_table(faults)
    yield root / "docs" / "faults.md", "faults", fault_sections(faults)
    yield from mitigation_docs.regions(root, faults)
