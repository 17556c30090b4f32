"""The options that commands share, so that they mean and read the same everywhere."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from labctl.base.errors import NotFoundError
from labctl.base.names import DEFAULT_NAME
from labctl.base.words import matching
from labctl.model.services import SERVICES


def finite(value: float | None) -> float | None:
    """Refuse NaN and infinities: click's range check lets NaN pass."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a finite number")
    return value


def service_name(text: str) -> str:
    """Return the service that a beginning of its name means; another name as it is: a look-up knows more of them."""
    try:
        return matching("service", text, SERVICES) if text else text
    except NotFoundError:
        return text


def _folder(text: str) -> Path:
    # Path("") would be the current directory, and labctl would run the Python files there.
    if not text:
        raise typer.BadParameter("it is empty; expected a folder")
    return Path(text)


NameOption = Annotated[
    str, typer.Option("--name", "-n", envvar="LABCTL_NAME", help="Which lab.", metavar="LAB", show_default=DEFAULT_NAME)
]
"""`name: NameOption = DEFAULT_NAME`; Lab.open and Lab.create check it."""
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
"""`as_json: JsonOption = False`; hand it to console.emit."""
CatalogueOption = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        envvar="LABCTL_CATALOGUE",
        metavar="DIR",
        parser=_folder,
        help="A folder with faults of your own.",
    ),
]
"""`folder: CatalogueOption = None`; hand it to the catalogue. Reading the folder runs the Python in it."""
ServiceOption = Annotated[
    str, typer.Option("--service", "-s", metavar="SERVICE", help="Only of this service.", callback=service_name)
]
SinceOption = Annotated[str, typer.Option("--since", metavar="DURATION", help="How far back: 90s, 5m, 1h, …")]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=5000, help="Show at most so many.")]
RoomOption = Annotated[
    bool, typer.Option("--room", help="Open the incident room, too: the lab in the browser (labctl room).")
]
"""`with_room: RoomOption = False`; hand the lab to commands.room.tell."""
