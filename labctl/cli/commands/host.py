"""`labctl host ls|join|drain|activate`: the hosts that labs run on, and how many more labs fit."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import host_nodes
from labctl.actions import hosts as action
from labctl.base.text import number_of
from labctl.cli import console
from labctl.cli.options import JsonOption, finite
from labctl.operate.plan import DEFAULT_RPS

RpsOption = Annotated[
    float | None,
    typer.Option("--rps", min=1, max=200, callback=finite, help="Of each lab.", show_default=f"{DEFAULT_RPS:g}"),
]
AddressArgument = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS", help="Of its Docker daemon, such as ssh://root@host2, as in DOCKER_HOST.", show_default=False
    ),
]
HostArgument = Annotated[
    str, typer.Argument(metavar="HOST", help="Its name, as `labctl host ls` has it.", show_default=False)
]
HEAD = ("HOST", "STATE", "CORES", "IN USE", "MEMORY", "LEFT", "LABS", "MORE FIT", "SHORT OF")


def ls(rps: RpsOption = None, as_json: JsonOption = False) -> None:
    """List the hosts: what each has left, and how many more labs at so many requests/s fit on it."""
    answer = action.hosts(rps)
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def join(address: AddressArgument, as_json: JsonOption = False) -> None:
    """Prepare another host for a game day's labs: check its Docker, copy the images, let it into this host's swarm."""
    answer = host_nodes.join(address)
    copied = number_of(len(answer.images), "image")
    text = f"{answer.name} ({answer.address}, Docker {answer.docker}) takes labs now; {copied} copied."
    console.emit(answer, lambda: console.show(text), as_json=as_json)


def drain(host: HostArgument, as_json: JsonOption = False) -> None:
    """Let a host take no more labs; a game day moves those that it has, each between two incidents."""
    _changed(host_nodes.drain(host), as_json=as_json)


def activate(host: HostArgument, as_json: JsonOption = False) -> None:
    """Let a host take labs again."""
    _changed(host_nodes.activate(host), as_json=as_json)


def _changed(answer: host_nodes.Changed, *, as_json: bool) -> None:
    labs = f"; on it: {', '.join(answer.labs)}" if answer.labs else ""
    text = f"{answer.name} takes {'labs again' if answer.takes_labs else 'no more labs'}{labs}."
    console.emit(answer, lambda: console.show(text), as_json=as_json)


def _show(answer: action.Hosts) -> None:
    console.table(HEAD, (_row(each) for each in answer.hosts))
    console.show()
    console.show(
        f"A lab at {answer.rps:g} requests/s needs {answer.lab_memory_mb:.0f} MB and {answer.lab_cores:.2f} cores "
        f"here ({answer.speed:g} times as fast as the reference)."
    )


def _row(host: action.Host) -> tuple[object, ...]:
    labs = number_of(host.labs, "lab") + (f", {host.paused} paused" if host.paused else "")
    return (
        host.name,
        host.state,
        host.cores,
        None if host.busy_cores is None else f"{host.busy_cores:.2f}",
        f"{host.memory_mb:,} MB",
        None if host.free_mb is None else f"{host.free_mb:,} MB",
        labs,
        host.fits,
        host.short_of,
    )
