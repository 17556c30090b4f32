"""A game day on two hosts: labctl on the first one's network, as whoever runs the day types it, and the hub's pages."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.swarm.hosts import Pair
from labctl.base.errors import LabctlError, LabStateError
from labctl.base.paths import STATE_DIR_VARIABLE
from labctl.base.waiting import wait_until

NAME = "far"
PLAN = """title: Two hosts
name: far
teams: [{name: blue}, {name: green}]
hosts: swarm
rps: 5
spares: 0
hub: {port: 8091}
incidents:
  - {fault: risk-cache-ttl-cut, limit: 20m}
  - {fault: risk-cache-ttl-cut, limit: 20m}
"""
COMMAND_S = 1200.0


@dataclass
class Day:
    """The game day, and the two hosts."""

    pair: Pair
    folder: Path
    _links: dict[str, Any] = field(default_factory=dict, repr=False)

    def labctl(self, *arguments: str) -> dict[str, Any]:
        """Return what `labctl … --json` on the first host answers. Raises LabctlError with what it said."""
        state = f"{STATE_DIR_VARIABLE}={self.folder / 'state'}"
        command = ("env", state, sys.executable, "-m", "labctl", *arguments, "--json")
        done = self.pair.first.run(*command, check=False, timeout=COMMAND_S)
        if done.returncode:
            raise LabctlError(f"labctl {' '.join(arguments)} failed: {done.stderr.strip()[-600:]}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def up(self) -> None:
        """Start it."""
        plan = self.folder / "plan.yaml"
        plan.write_text(PLAN)
        self._links = self.labctl("gameday", "up", str(plan))

    def down(self) -> Path:
        """Take it down; return where everything was exported to."""
        return Path(self.labctl("gameday", "down", NAME)["exported"])

    def teams(self) -> dict[str, dict[str, Any]]:
        """Return what `labctl gameday status` says of each team."""
        return {each["team"]: each for each in self.labctl("gameday", "status", NAME)["teams"]}

    def place(self, team: str) -> str:
        """Return the host that a team's lab is on."""
        found = self.pair.first.run(
            *("docker", "service", "ps", "--filter", "desired-state=running", "--format", "{{.Node}}"),
            f"labctl-{NAME}-{team}",
        )
        return found.stdout.strip()

    def order(self, path: str, **form: str) -> None:
        """Give an instructor's order at the hub, by its pages. Raises LabStateError where it is refused."""
        page = self._curl("/instructor/")
        key = re.search(r'name="hub_key" value="([0-9a-f]+)"', page)
        sent = [part for name, text in form.items() for part in ("--data-urlencode", f"{name}={text}")]
        sent += ["--data-urlencode", f"hub_key={key[1] if key else ''}", "-H", f"Origin: {self._origin}"]
        status = self._curl(f"/instructor/{path}", *sent, "-o", "/dev/null", "-w", "%{http_code}")
        if status not in ("200", "303"):
            raise LabStateError(f"the hub answered the instructor's order '{path}' with {status}")

    def room(self, team: str) -> bool:
        """Whether a team's room answers through the hub."""
        return self._curl(f"/t/{team}/page", "-o", "/dev/null", "-w", "%{http_code}", check=False) == "200"

    def await_state(self, team: str, *states: str, within_s: float) -> None:
        """Wait until a team's incident is in one of these states."""
        wait_until(
            lambda: self.teams()[team]["incident"] in states,
            what=f"{team}'s incident to be {' or '.join(states)}",
            timeout=within_s,
            interval=2,
            describe=lambda: str(self.teams()[team]["incident"]),
        )

    @cached_property
    def _cookies(self) -> Path:
        jar = self.folder / "cookies"
        self._asked(self._links["instructor"], "-c", str(jar), "-X", "POST", "-H", f"Origin: {self._origin}")
        return jar

    @property
    def _origin(self) -> str:
        return "{0.scheme}://{0.netloc}".format(urlsplit(self._links["address"]))

    def _curl(self, path: str, *options: str, check: bool = True) -> str:
        url = self._links["address"].rstrip("/") + path
        return self._asked(url, "-b", str(self._cookies), *options, check=check)

    def _asked(self, url: str, *options: str, check: bool = True) -> str:
        command = ("curl", "--silent", "--show-error", "--max-time", "60", *options, url)
        return self.pair.first.run(*command, check=check).stdout
