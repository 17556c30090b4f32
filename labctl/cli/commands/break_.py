"""`labctl break`: inject a fault and wait for the page."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import incident as action
from labctl.actions.incident import Choice
from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME
from labctl.cli import page_view
from labctl.cli.commands import room
from labctl.cli.options import CatalogueOption, JsonOption, NameOption, RoomOption

FaultArgument = Annotated[
    str | None, typer.Argument(metavar="FAULT", help="Which fault; without it labctl chooses one and hides which.")
]
TrackOption = Annotated[str | None, typer.Option("--track", help="Choose among the faults of a category or track.")]
DifficultyOption = Annotated[
    int | None, typer.Option("--difficulty", help="Choose among the faults this hard: 1 to 5.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", help="The same number chooses the same fault again.")]
LimitOption = Annotated[
    str,
    typer.Option(
        "--limit",
        metavar="DURATION",
        help="The incident ends so long after the page: 15m to 30m; 20m where labctl chooses.",
        show_default=False,
    ),
]
FogOption = Annotated[
    str | None,
    typer.Option(
        "--fog",
        metavar="LEVEL",
        help="How incomplete the telemetry is until the lab is healed: clear, hazy or dense. If not given: what "
        "`labctl up --fog` chose, or else hazy where labctl chooses the fault.",
        show_default=False,
    ),
]
HiddenOption = Annotated[bool, typer.Option("--hidden", help="Let labctl choose (the default without FAULT).")]


def break_(  # noqa: PLR0913 - an option each
    fault: FaultArgument = None,
    *,
    track: TrackOption = None,
    difficulty: DifficultyOption = None,
    seed: SeedOption = None,
    hidden: HiddenOption = False,
    limit: LimitOption = "",
    fog: FogOption = None,
    folder: CatalogueOption = None,
    with_room: RoomOption = False,
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Break the lab and wait for the page: the clock starts there. What broke is for you to find out."""
    choice = Choice(track or None, difficulty, seed)
    if fault is not None and (hidden or choice.asked_for):
        raise InputError(
            "a fault was named, and also how to choose one",
            expected="either FAULT, or any of --track, --difficulty, --seed and --hidden",
        )
    limit_s = action.limit_of(limit) if limit else None
    if with_room:
        room.tell(name)  # before the page: whoever has it open sees it come
    page_view.emit(action.start(name, fault, choice, folder, limit_s, fog=fog), as_json=as_json)
