"""`python -m bench.swarm`: play a game day of two teams over two hosts, lose one of them, empty the other; needs root.

1. Two Docker daemons in namespaces of their own become a swarm; the images go to the second as to any host.
2. A lab a team, one on each host; a round begins at the hub, for both.
3. A team's incident ends; then its host is killed, with all that runs on it. Measured: until the lab is up elsewhere.
4. What was over is kept, what was open elsewhere goes on. The lost host comes back, the other one is emptied.

A step that does not come to what it should raises an error, and the hosts are removed in any case.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench import ending
from bench.swarm.day import Day
from bench.swarm.hosts import Pair
from bench.swarm.steps import play
from labctl.base import progress
from labctl.base.files import write_text
from labctl.cli import console
from labctl.cli.terminal import Terminal
from labctl.docker.machine import describe

RESULTS = Path(__file__).resolve().parents[1] / "SWARM.md"
Folder = Annotated[Path | None, typer.Option("--folder", file_okay=False, help="For both hosts' data: 6 GB.")]
Output = Annotated[Path, typer.Option("--output", dir_okay=False, help="The file to write the report to.")]


def main(folder: Folder = None, output: Output = RESULTS) -> None:
    """Play it, and write down what was measured. Takes about ten minutes on a machine with nothing else to do."""
    with tempfile.TemporaryDirectory(prefix="labctl-swarm-", dir=folder) as made, progress.listening(Terminal()):
        pair = Pair(Path(made))
        try:
            pair.start()
            found = play(Day(pair, Path(made)))
        finally:
            pair.stop()
    lines = [
        "# A game day over two hosts, one of which is lost",
        "",
        f"`python -m bench.swarm` on {describe()}: both hosts are Docker daemons on this one machine.",
        "",
        "| Step | Measured |",
        "|---|---|",
        *(f"| {what} | {seen} |" for what, seen in found),
    ]
    text = "\n".join(lines) + "\n"
    write_text(output, text)
    console.show(text)


if __name__ == "__main__":
    ending.run(main)
