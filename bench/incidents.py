"""`python -m bench.incidents`: measure the reference incidents, and write their page."""

from __future__ import annotations

from pathlib import Path

from bench import ending, measure
from bench.reference import ROWS, WINDOW_S, page
from labctl.base import progress
from labctl.base.errors import LabStateError
from labctl.base.files import write_text
from labctl.base.waiting import pause
from labctl.catalogue import catalogue
from labctl.cli import console
from labctl.docker.machine import describe
from labctl.health import steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import guard, injection

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference-incidents.md"
REFERENCES = ("risk-timeout-cut", "risk-cache-key-regression")
SETTLES_S = 20
"""Seconds after an injection until its roll-out is over and the requests from before it are answered."""


def main() -> None:
    """Measure a healthy lab, then each incident on it; takes some seven minutes."""
    with measure.running(measure.NAME, 20) as launch, guard.exclusive(launch.lab, "verify"):
        pause(SETTLES_S)
        healthy = _figures(launch.lab, "the healthy lab")
        incidents = {each: _incident(launch.lab, catalogue.find(each)) for each in REFERENCES}
    text = page(healthy, incidents, describe())
    write_text(PAGE, text)
    console.show(text)


def _incident(lab: Lab, fault: Fault) -> dict[str, float]:
    injection.inject(lab, fault)
    try:
        pause(SETTLES_S)
        figures = _figures(lab, fault.id)
    finally:
        injection.heal(lab)
    steady_state.wait(lab.metrics, lab.rps)
    return figures


def _figures(lab: Lab, what: str) -> dict[str, float]:
    with progress.step(f"measuring {what} for {WINDOW_S} s"):
        pause(WINDOW_S)
    values = {row.name: lab.metrics.scalar(row.query) for row in ROWS}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise LabStateError(f"{what} measured nothing", expected=", ".join(missing), todo="see `labctl status`")
    return {name: value for name, value in values.items() if value is not None}


if __name__ == "__main__":
    ending.run(main)
