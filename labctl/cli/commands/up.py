"""`labctl up`: start a lab under load, and print its addresses."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import up as action
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.cli import console
from labctl.cli.commands import room
from labctl.cli.options import JsonOption, NameOption, RoomOption
from labctl.operate.plan import DEFAULT_RPS, LOOPBACK, LabOptions

RpsOption = Annotated[
    float | None, typer.Option("--rps", help="Requests per second, 1 to 200.", show_default=f"{DEFAULT_RPS:g}")
]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Seed of the load's random choices.")]
BindOption = Annotated[
    str | None,
    typer.Option("--bind", help="The address to publish ports on.", metavar="ADDRESS", show_default=LOOPBACK),
]
CpuShareOption = Annotated[
    float | None,
    typer.Option(
        "--cpu-share",
        help="The share of its CPU that each container except Grafana's gets, 0.1 to 1: to try a slower host.",
        show_default="1",
    ),
]
ColleaguesOption = Annotated[
    bool | None,
    typer.Option(
        "--colleagues/--no-colleagues",
        help="Whether others change the system, too, as at work: harmless changes before, during and after incidents.",
        show_default="colleagues",
    ),
]
PauseOption = Annotated[
    int | None,
    typer.Option(
        "--pause-after",
        metavar="MINUTES",
        min=0,
        help="Pause the lab when nobody has used it for so long; the lab keeps it.",
        show_default="0, never",
    ),
]
GrafanaOption = Annotated[
    bool | None,
    typer.Option(
        "--grafana/--no-grafana",
        help="Whether the lab has Grafana, where its image is here; it may take up to 320 MB.",
        show_default="grafana",
    ),
]
FogOption = Annotated[
    str | None,
    typer.Option(
        "--fog",
        metavar="LEVEL",
        help="How incomplete the telemetry is: clear, hazy or dense; the lab keeps it.",
        show_default="clear",
    ),
]


def up(  # noqa: PLR0913 - an option each
    name: NameOption = DEFAULT_NAME,
    rps: RpsOption = None,
    seed: SeedOption = None,
    bind: BindOption = None,
    *,
    cpu_share: CpuShareOption = None,
    colleagues: ColleaguesOption = None,
    fog: FogOption = None,
    pause_after: PauseOption = None,
    grafana: GrafanaOption = None,
    with_room: RoomOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a lab, or its missing parts, and wait until it is healthy; a healthy lab is left alone."""
    options = LabOptions(rps, seed, bind, cpu_share, fog, grafana)
    answer = action.up(name, options, colleagues=colleagues, pause_after=pause_after)
    console.emit(answer, lambda: _show(answer), as_json=as_json)
    if with_room:
        room.tell(name)


def _show(lab: action.Up) -> None:
    if not lab.steady_state:
        console.show(f"The lab '{lab.name}' runs, and is broken: an incident is open, or the lab is not healed yet.")
    elif lab.started:
        console.show(f"The lab '{lab.name}' is healthy at {lab.rps:g} requests/s, after {lab.seconds:.1f} s.")
    else:
        console.show(f"The lab '{lab.name}' runs and is healthy at {lab.rps:g} requests/s: nothing to do.")
    # A room that is asked for opens after this, and says where.
    console.facts({f"  {name}": url for name, url in lab.interfaces.items() if url or name != "room"})
    option = option_of(lab.name)
    first = f"labctl break{option}" if lab.steady_state else f"labctl page{option}"
    console.show(f"Next: {first}   (or look around: labctl status{option}, labctl topology{option})")
