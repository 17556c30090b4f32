"""What a Docker engine keeps of a lab's containers beside images: CPU limits, packet filters, Redis's settings."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from labctl.base.errors import EngineError
from labctl.docker.docker import Docker

Limit = tuple[int, int]
"""Quota and period, in microseconds."""
WHOLE = (100_000, 100_000)
WHOLE_MEMORY = 144 * 2**20
ROWS = 300_000
"""Of payments, in the database that a statement is explained on."""


@dataclass
class HostState:
    """By container id: limits, rules, settings; what is not there is as it was shipped."""

    cpus: dict[str, Limit] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    """In bytes."""
    rules: dict[str, list[str]] = field(default_factory=dict)
    redis: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    """Indexes."""
    imported: set[str] = field(default_factory=set)
    """Tables that rows were copied into."""
    events: list[str] = field(default_factory=list)
    """Ids of events that were put into the stream."""
    parked: dict[str, str] = field(default_factory=dict)
    """Ids of events in the dead letters, by the id of their record."""


def explained(scan_ms: float, rows: int = ROWS) -> str:
    """Return what EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) prints of a count that found none of so many rows."""
    scan = {"Node Type": "Seq Scan", "Actual Rows": 0.0, "Actual Loops": 1, "Rows Removed by Filter": rows}
    count = {"Node Type": "Aggregate", "Actual Rows": 1.0, "Actual Loops": 1, "Plans": [scan]}
    found = {"Plan": count, "Planning Time": 0.07, "Triggers": [], "Execution Time": scan_ms * rows / 100_000}
    return json.dumps([found], indent=2) + "\n"


@dataclass(frozen=True)
class FakeHost(Docker):
    """Does what the doors of a lab ask of Docker, and keeps the commands."""

    state: HostState = field(default_factory=HostState)
    commands: list[tuple[str, ...]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    """What psql was given."""
    used_memory: int = 1_500_000
    entries: tuple[int, ...] = (300,) * 500
    refuses: set[str] = field(default_factory=set)
    scan_ms: float = 9.0
    """What reading 100,000 rows takes the database."""
    psql_says: list[str] = field(default_factory=list)
    """Errors of psql for its next scripts, one each."""
    helpers: list[str] = field(default_factory=list)
    """Containers that labctl left beside the lab."""
    images_kept: set[str] = field(default_factory=set)
    """Images that a container uses."""
    sessions: list[tuple[str, str]] = field(default_factory=list)
    """Of the database's clients: process id and application."""
    own_networks: list[str] = field(default_factory=list)
    """The lab's."""
    subnets_there: list[str] = field(default_factory=list)
    """Of all networks."""
    started: dict[str, str] = field(default_factory=dict)
    """When containers started, where that is another time."""

    def seen(self) -> HostState:
        """Return what differs from a lab as it was shipped; a copy."""
        return copy.deepcopy(self.state)

    def ids(self, label: str) -> list[str]:
        return list(self.helpers)

    def networks(self, label: str) -> list[str]:
        return list(self.own_networks)

    def subnets(self) -> list[IPv4Network]:
        return [IPv4Network(each) for each in self.subnets_there]

    def inspect(self, *names: str) -> list[dict[str, Any]]:
        return [self._document(name) for name in names]

    def remove_images(self, *tags: str) -> list[str]:
        self.commands.append(("rmi", *tags))
        if "rmi" in self.refuses:
            raise EngineError("docker rmi refused")
        return [each for each in tags if each in self.images_kept]

    def run(self, *args: str, **_: Any) -> str:
        self.commands.append(args)
        if args[0] in self.refuses:
            raise EngineError(f"docker {args[0]} refused")
        if args[0] == "update":
            self._update(args[-1], dict(zip(args[1:-1:2], args[2:-1:2], strict=True)))
        elif args[0] == "run":
            self._filter(args)
        elif args[0] == "rm":
            self.helpers[:] = [each for each in self.helpers if each not in args]
        return ""

    def exec(self, container: str, *command: str, stdin: str | None = None, **_: Any) -> str:
        self.commands.append(("exec", container, *command))
        if "exec" in self.refuses:
            raise EngineError("docker exec refused")
        if "psql" in command and self.psql_says:
            raise EngineError(self.psql_says.pop())
        if "psql" in command:
            return self._sql(stdin or "")
        asked = command[4:]
        if asked[0] == "XADD":
            self.state.events.append(asked[asked.index("event_id") + 1])
            return "1700000000000-0"
        if asked[0] == "EVAL" and (len(asked) == 6 or asked[-1] in ("look", "move")):
            return self._park(asked[5], asked[-1])
        if asked[0] == "EVAL":
            for record in [each for each, event in self.state.parked.items() if event in asked]:
                del self.state.parked[record]
            self.state.events[:] = [each for each in self.state.events if each not in asked]
            return "1"
        if asked[:2] == ("CONFIG", "SET"):
            return self._configure(*asked[2:])
        sizes = "".join(f"entry {size}\n" for size in self.entries)
        return sizes + f"used {self.used_memory}\nyoung 37000\nshared 0\nshared 20000\n"

    def _document(self, name: str) -> dict[str, Any]:
        address = {"Networks": {"lab_default": {"IPAddress": f"10.0.0.{len(name)}"}}}
        quota, period = self.state.cpus.get(name, WHOLE)
        memory = self.state.memory.get(name, WHOLE_MEMORY)
        return {
            "HostConfig": {"CpuQuota": quota, "CpuPeriod": period, "Memory": memory},
            "NetworkSettings": address,
            "State": {"StartedAt": self.started.get(name, "2026-03-01T00:00:00Z")},
        }

    def _update(self, container: str, options: dict[str, str]) -> None:
        if "--memory" in options:
            self.state.memory[container] = int(options["--memory"])
            if self.state.memory[container] == WHOLE_MEMORY:
                del self.state.memory[container]
            return
        quota, period = int(options.pop("--cpu-quota")), int(options.pop("--cpu-period"))
        if options or quota < 1_000 or not 1_000 <= period <= 1_000_000:
            raise EngineError(f"docker update refused {quota}/{period} {options}")
        self.state.cpus[container] = (quota, period)
        if (quota, period) == WHOLE:
            del self.state.cpus[container]

    def _filter(self, args: tuple[str, ...]) -> None:
        container = args[args.index("--network") + 1].partition(":")[2]
        self.state.rules.pop(container, None)
        if "probability" in args[args.index("-c") + 1]:
            self.state.rules[container] = list(args[-2:])

    def _park(self, record: str, how: str) -> str:
        """Answer as the scripts do that look for a record, move it to the dead letters, and put it back."""
        if record in self.state.parked:
            self.state.events.append(self.state.parked.pop(record))
            return "1"
        ids = {event: f"1700000000000-{number}" for number, event in enumerate(self.state.events)}
        event = next((each for each in ids if record in ("", each, ids[each])), "")
        if how == "move":
            self.state.events.remove(event)
            self.state.parked[ids[event]] = event
        return f"{ids[event]} {event}" if event else ""

    def _sql(self, script: str) -> str:
        self.scripts.append(script)
        script = script.partition(" FROM STDIN;\n")[0]  # what follows are rows, megabytes of them
        if killed := re.search(r"pg_backend_pid\(\) AND (pid = (\d+)|application_name = '(.*)');", script):
            gone = [each for each in self.sessions if killed[2] == each[0] or killed[3] == each[1]]
            self.sessions[:] = [each for each in self.sessions if each not in gone]
            return f"{len(gone)}\n"
        if asked := re.search(r"pg_indexes WHERE indexname = '(\w+)'", script):
            return f"{int(asked[1] not in self.state.dropped)}\n"
        self.state.dropped |= set(re.findall(r"^DROP INDEX (?:IF EXISTS )?(\w+)", script, re.MULTILINE))
        self.state.dropped -= set(re.findall(r"^CREATE INDEX (?:IF NOT EXISTS )?(\w+)", script, re.MULTILINE))
        self.state.imported |= set(re.findall(r"^COPY (\w+) ", script, re.MULTILINE))
        self.state.imported -= set(re.findall(r"^DELETE FROM (\w+) ", script, re.MULTILINE))
        return explained(self.scan_ms) * len(re.findall(r"^EXPLAIN ", script, re.MULTILINE))

    def _configure(self, name: str, value: str) -> str:
        if name in self.refuses:
            return "ERR Invalid argument"
        self.state.redis[name] = value
        return "OK"
