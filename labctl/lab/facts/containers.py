"""Facts of a lab's containers: image, environment, limits, labels, networks, and how many there are of each service."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from labctl.docker.docker import SERVICE_LABEL
from labctl.lab.facts.fact import Facts, compact, hashed

_CONFIG = ("User", "WorkingDir", "Cmd", "Entrypoint", "StopSignal", "Healthcheck", "ExposedPorts")
_NUMBERED = ("com.docker.compose.container-number", "com.docker.compose.replace", "com.docker.compose.slug")
"""Labels that every roll-out changes."""


def facts(inspected: Iterable[Mapping[str, Any]]) -> Facts:
    """Return the facts of containers as `docker inspect` describes them, in any order."""
    ordered = sorted(inspected, key=lambda each: (_service(each), str(each["Created"])))
    found: Facts = {}
    for service, group in itertools.groupby(ordered, key=_service):
        containers = list(group)
        found[f"{service}: containers"] = str(len(containers))
        for number, each in enumerate(containers, 1):
            place = service if number == 1 else f"{service} (container {number})"
            found.update((f"{place}: {what}", value) for what, value in _of(each))
    return found


def processes(inspected: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the first process of every service that runs, by the host's process id."""
    return {_service(each): int(each["State"]["Pid"]) for each in inspected if each["State"]["Pid"]}


def _service(inspected: Mapping[str, Any]) -> str:
    return str(inspected["Config"]["Labels"][SERVICE_LABEL])


def _of(inspected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    config = inspected["Config"]
    yield "state", str(inspected["State"]["Status"])
    yield "image", f"{config['Image']} {inspected['Image']}"
    for each in config["Env"] or ():
        name, _, value = each.partition("=")
        yield f"environment {name}", hashed(value)
    for name, value in config["Labels"].items():
        if name not in _NUMBERED:
            yield f"label {name}", value
    # Every setting that docker knows, limits included; `docker update` writes a default as null, zero or empty.
    settings = {**{name: config.get(name) for name in _CONFIG}, **inspected["HostConfig"]}
    yield from ((name, compact(value)) for name, value in settings.items() if value)
    yield from (
        (f"mount {each['Destination']}", f"{each['Source']} {each['Mode']} writable={each['RW']}")
        for each in inspected["Mounts"]
    )
    yield from _networks(inspected)


def _networks(inspected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    own = (inspected["Id"][:12], inspected["Name"].lstrip("/"))
    for name, network in (inspected["NetworkSettings"]["Networks"] or {}).items():
        aliases = sorted({each for each in network["Aliases"] or () if each not in own})
        yield f"network {name}", compact(aliases)
