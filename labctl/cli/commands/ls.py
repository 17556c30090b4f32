"""`labctl ls`: the labs of this user, what each is at, and what it costs."""

from __future__ import annotations

from labctl.actions import labs as action
from labctl.base.times import show_clock
from labctl.cli import console
from labctl.cli.options import JsonOption
from labctl.state.ports import NAMES

HEAD = ("LAB", "STATE", "INCIDENT", "RATE", "MEMORY", "CPU", "PORTS")


def ls(as_json: JsonOption = False) -> None:
    """List your labs on this host: state, incident, load, memory without page cache, CPU, ports."""
    answer = action.labs()
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(answer: action.Labs) -> None:
    if not answer.labs:
        console.show("There is no lab. Next: labctl up")
        return
    console.table(HEAD, (_row(each) for each in answer.labs))
    for each in answer.labs:
        if each.trouble:
            console.show(f"  {each.name}: {each.trouble}")
    memory = sum(each.memory_mb or 0 for each in answer.labs)
    cores = sum(each.cores or 0 for each in answer.labs)
    left = "" if answer.host_available_mb is None else f", {answer.host_available_mb:,} MB of its memory left"
    console.show()
    console.show(f"Together: {memory:,.0f} MB, {cores:.2f} cores. The host has {answer.host_cores} cores{left}.")


def _row(lab: action.ListedLab) -> tuple[object, ...]:
    return (
        lab.name,
        _state(lab),
        f"{lab.incident.incident}, {show_clock(lab.incident.clock_s)}" if lab.incident else None,
        None if lab.rps is None else f"{lab.rps:g}/s",
        None if lab.memory_mb is None else f"{lab.memory_mb:.0f} MB",
        None if lab.cores is None else f"{lab.cores:.2f}",
        _ports(lab),
    )


def _state(lab: action.ListedLab) -> str:
    stopped = lab.status == "running" and lab.running < lab.containers
    return (lab.status or "unknown") + (f", {lab.running} of {lab.containers} run" if stopped else "")


def _ports(lab: action.ListedLab) -> str | None:
    found = [lab.interfaces.get(name) for name in (*NAMES, "room")]
    shown = [address.split("://")[1].split("/")[0].rpartition(":")[2] for address in found if address]
    return " ".join(shown) or None
