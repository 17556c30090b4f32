"""`labctl up`: a healthy lab under load, and where to look at it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Any

import typer

from labctl.base.names import DEFAULT_NAME
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption
from labctl.health import steady_state
from labctl.operate.interfaces import interfaces
from labctl.operate.launch import Launch, bring_up
from labctl.operate.plan import DEFAULT_RPS, LOOPBACK, Wish
from labctl.play import incidents

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
        help="The share of its CPU that each container but Grafana's gets, 0.1 to 1: to try a slower host.",
        show_default="1",
    ),
]


def up(
    name: NameOption = DEFAULT_NAME,
    rps: RpsOption = None,
    seed: SeedOption = None,
    bind: BindOption = None,
    *,
    cpu_share: CpuShareOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start a lab, or what is missing of it, and wait until it is healthy; a healthy one is left alone."""
    launch = bring_up(name, Wish(rps, seed, bind, cpu_share), mended=incidents.reconcile)
    address = launch.lab.record.bind
    if not ip_address(address).is_loopback:
        console.warn(f"the lab's ports are open on {address}: whoever reaches that address reaches the lab")
    console.emit(document(launch), lambda: _show(launch), as_json=as_json)


def document(launch: Launch) -> dict[str, Any]:
    """Return what `up` answers."""
    lab, record = launch.lab, launch.lab.record
    return {
        "name": lab.name,
        "started": launch.touched,
        "seconds": round(launch.seconds, 1),
        "rps": record.rps,
        "seed": record.seed,
        "cpu_share": record.cpu_share,
        "calibration": record.calibration,
        "interfaces": interfaces(lab),
        "steady_state": [steady_state.document(each) for each in launch.readings],
    }


def _show(launch: Launch) -> None:
    lab = launch.lab
    if not launch.readings:
        console.show(f"The lab '{lab.name}' runs, and is broken: an incident goes on, or is not healed yet.")
    elif launch.touched:
        console.show(f"The lab '{lab.name}' is healthy at {lab.rps:g} requests/s, after {launch.seconds:.1f} s.")
    else:
        console.show(f"The lab '{lab.name}' runs and is healthy at {lab.rps:g} requests/s: nothing to do.")
    console.facts({f"  {name}": url for name, url in interfaces(lab).items()})
    first = f"labctl break{lab.flag}" if launch.readings else f"labctl page{lab.flag}"
    console.show(f"Next: {first}   (or look around: labctl status{lab.flag}, labctl topology{lab.flag})")
