"""`labctl setup`: install what a lab needs on this machine, before the first lab starts."""

from __future__ import annotations

from labctl.actions import setup as action
from labctl.cli import console
from labctl.cli.options import JsonOption
from labctl.images import images


def setup(as_json: JsonOption = False) -> None:
    """Install and start Docker where that is missing, let this user talk to it, and build the images."""
    answer = action.setup()
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: action.Setup) -> None:
    console.show(f"Docker {answer.docker}, {answer.compose}.")
    for change in answer.changes:
        console.show(f"  {change}")
    console.show(f"Images: {len(answer.built)} built." if answer.built else "Images: all here.")
    if not answer.grafana:
        tag = images.GRAFANA.partition("@")[0]
        console.show(
            f"Grafana: left out. To add it: docker pull {tag}, then labctl up (after labctl down, if a lab runs)."
        )
