"""The look-ups of an incident in which risk's queue grew, payments wrote errors, and three things were changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.shortcuts.snapshot import Series, Snapshot
from labctl.model.measurement import Window
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES

START = 1_700_000_000.0
BROKEN = START + 20
PAGED = BROKEN + 20
LOOKED = PAGED + 20


def at(moment: float) -> str:
    """Return a moment as answers have it."""
    return datetime.fromtimestamp(moment, UTC).isoformat()


def change(kind: str, component: str, when: float, old: str = "", new: str = "", *, diff: str = "") -> dict[str, Any]:
    """Return an entry of the feed."""
    told = {"kind": kind, "component": component, "summary": "Do it", "old": old, "new": new, "author": "c.meyer"}
    return {"id": 1, "at": at(when), **told, "diff": diff}


def line(service: str, when: float) -> dict[str, Any]:
    """Return a log line of level error."""
    return {"at": at(when), "level": "error", "service": service, "message": "failed"}


def trace(*failed: str) -> dict[str, Any]:
    """Return a trace in which these services' spans failed, and one of the gateway did not."""
    spans = [{"service": each, "error": True} for each in failed]
    return {"id": "1", "spans": [*spans, {"service": "gateway", "error": False}]}


def curve(healthy: float, broken: float, **labels: str) -> Series:
    """Return a series with a point a second, which changes a few seconds after the lab was broken."""
    moments = range(int(START), int(LOOKED) + 1)
    return Series(labels, tuple((float(each), healthy if each < BROKEN + 5 else broken) for each in moments))


CHANGES = (
    change("migration", "postgres", START - 600, "schema 30", "schema 31", diff="+++ b\n+a\n+b\n-c\n"),
    change(
        "configuration", "risk", BROKEN + 1, "DB_POOL_MAX=3", "DB_POOL_MAX=1", diff="--- a\n+++ b\n-DB_POOL_MAX=3\n+1\n"
    ),
    change("flag", "payments", BROKEN + 2, "exact=on", "exact=off", diff="+x\n"),
    change("job", "jobs", PAGED + 1),
)
PAGE = {"alert": "CheckoutsSlow", "service": "gateway", "at": at(PAGED), "since": at(PAGED - 5)}
FIGURES = {"queue": (10.0, 40.0), "errors": (0.0, 0.05), "cpu": (0.2, 0.21)}


def seen(curves: Mapping[str, Sequence[Series]] | None = None, **changed: Any) -> Snapshot:
    """Return the look-ups, with some of them changed."""
    quiet: dict[str, Sequence[Series]] = {each.query: [] for each in (*OVERVIEW, *RESOURCES)}
    known = {query: [curve(*pair)] for query, pair in FIGURES.items()}
    found = Snapshot(
        fog="hazy",
        healthy=Window(START, BROKEN),
        looked_at=LOOKED,
        page=PAGE,
        changes=CHANGES,
        curves={**quiet, **known, **(curves or {})},
        lines={},
        traces={},
        errors=[line("risk", BROKEN + 9), line("payments", BROKEN + 8)],
        failing=[trace("payments"), trace("payments", "risk", "risk")],
        rows={},
    )
    return replace(found, **changed)
