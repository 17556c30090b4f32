"""`python -m bench.fog`: measure what each level of fog costs the telemetry service, one after the other in one lab."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bench import ending, measure
from labctl.base.files import write_text
from labctl.base.waiting import pause
from labctl.cli import console
from labctl.docker.machine import describe
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.fog import TELEMETRY
from labctl.model.surroundings import FOGS

RESULTS = Path(__file__).resolve().parent / "fog.json"
RPS = 20
SETTLES_S = 5.0
Rounds = Annotated[int, typer.Option("--rounds", min=1, max=60, help="How often each level is measured.")]
Output = Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write the figures to.")]
Use = dict[str, str | float]


def use(lab: Lab, level: str) -> Use:
    """Put a level in force, and return the telemetry service's and the whole lab's use of CPU, in cores."""
    lab.fog.choose(level)
    pause(SETTLES_S)
    cores = {service: cpu for service, (_, cpu) in measure.use_by_service(lab).items()}
    return {"level": level, "telemetry": cores[TELEMETRY], "lab": sum(cores.values())}


def document(figures: list[Use]) -> dict[str, Any]:
    """Return the figures with the day and the machine."""
    measured_on = datetime.now(UTC).date().isoformat()
    return {"measured_on": measured_on, "machine": describe(), "rps": RPS, "seconds": measure.WINDOW_S, "use": figures}


def main(rounds: Rounds = 2, output: Output = RESULTS) -> None:
    """Measure every level so many times, in turn, and write the figures. Takes a minute for each."""
    figures: list[Use] = []
    with measure.running(measure.NAME, RPS) as launch:
        for _ in range(rounds):
            figures += [use(launch.lab, level) for level in FOGS]
    write_text(output, json.dumps(document(figures), indent=2) + "\n")
    console.show(f"{output} has the figures")


if __name__ == "__main__":
    ending.run(main)
