"""The steps of a game day over two hosts, each with what was measured. A step that fails raises LabctlError."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.swarm.day import Day
from bench.swarm.hosts import Host
from labctl.base import paths
from labctl.base.errors import LabctlError
from labctl.base.waiting import wait_until
from labctl.docker import transfer
from labctl.docker.docker import Docker
from labctl.images.images import Images

ELSEWHERE_S = 120.0
"""What a lost host may cost its teams."""
HEARTBEAT = "10s"
"""Twice Docker's own: two hosts on one machine are slower than two machines."""
PATIENCE_S = 900.0
Found = list[tuple[str, str]]


def play(day: Day) -> Found:
    """Play all of it; return what each step took."""
    found: Found = []
    prepare(day, found)
    begin(day, found)
    lose(day, found)
    empty(day, found)
    finish(day, found)
    return found


def prepare(day: Day, found: Found) -> None:
    """Make the first host a manager with this labctl's images, and let the second one join."""
    first, second = day.pair.first, day.pair.second
    images = Images(paths.bundle_root())
    images.ensure()
    images.ensure_server()
    transfer.copy(Docker(), Docker(env={"DOCKER_HOST": first.docker}), images.wanted())
    first.run("docker", "swarm", "init", "--advertise-addr", first.address)
    first.run("docker", "swarm", "update", "--dispatcher-heartbeat", HEARTBEAT)
    with measured(found, "`labctl host join`: images copied, joined, prepared"):
        day.labctl("host", "join", second.docker)


def begin(day: Day, found: Found) -> None:
    """Start the day, a lab on each host, and a round for both teams."""
    with measured(found, "`labctl gameday up`, two labs"):
        day.up()
    places = {team: day.place(team) for team in ("blue", "green")}
    require(set(places.values()) == {"host-1", "host-2"}, f"a lab on each host, not {places}")
    require(all(day.room(team) for team in places), "the rooms of both teams")
    with measured(found, "a round: from the instructor's word to both pages"):
        day.order("start", round="1")
        for team in places:
            day.await_state(team, "paged", within_s=PATIENCE_S)


def lose(day: Day, found: Found) -> None:
    """Lose the second host while its team's incident is open; the other team's is over, and its result kept."""
    lost = next(team for team in ("blue", "green") if day.place(team) == "host-2")
    other = "green" if lost == "blue" else "blue"
    day.order("order", order="end", team=other)
    day.await_state(other, "ended", within_s=PATIENCE_S)
    day.pair.second.kill()
    began = time.monotonic()
    wait_until(lambda: _down(day.pair.first), what="the host to count as lost", timeout=PATIENCE_S, interval=0.5)
    found.append(("the host is killed, with all that runs on it: until it counts as lost", _told(began)))
    wait_until(lambda: not day.teams()[lost]["ready"], what="the lab to count as lost", timeout=PATIENCE_S, interval=1)
    wait_until(
        lambda: day.teams()[lost]["ready"] and day.room(lost),
        what="the lab to be up elsewhere",
        timeout=PATIENCE_S,
        interval=1,
    )
    took = time.monotonic() - began
    within = "within" if took <= ELSEWHERE_S else "NOT within"
    found.append((f"until its team's lab is up on the other host, its room open ({within} two minutes)", _told(began)))
    require(day.place(lost) == "host-1", "the lab on the host that is left")
    states = {team: told["incident"] for team, told in day.teams().items()}
    require(states == {lost: "void", other: "ended"}, f"one void and one ended incident, not {states}")
    with measured(found, "the void incident, begun again at the instructor's word: until its page"):
        day.order("start", round="1")
        day.await_state(lost, "paged", within_s=PATIENCE_S)
    day.order("order", order="end", team=lost)
    day.await_state(lost, "ended", within_s=PATIENCE_S)


def empty(day: Day, found: Found) -> None:
    """Let the second host come back, and empty the first: the labs move once no incident is open."""
    day.pair.second.start()
    wait_until(lambda: not _down(day.pair.first), what="the host to be back", timeout=PATIENCE_S, interval=1)
    with measured(found, "`labctl host drain`: until both labs are up on the other host"):
        day.labctl("host", "drain", "host-1")
        wait_until(lambda: _moved(day), what="both labs to be up on the other host", timeout=PATIENCE_S, interval=2)


def finish(day: Day, found: Found) -> None:
    """Take the day down; every result is in what was exported."""
    with measured(found, "`labctl gameday down`"):
        where = day.down()
    results = json.loads((where / "results.json").read_text("utf-8"))["results"]
    states = sorted(each["state"] for each in results)
    require(states == ["ended", "ended", "void"], f"two results and a void incident, not {states}")
    require(all(each["points"] is not None for each in results if each["state"] == "ended"), "points for both")
    for each in (day.pair.first, day.pair.second):
        left = each.run("docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project").stdout.split()
        require(not left, f"no lab's container on {each.name}, not {len(left)}")


def require(holds: bool, expected: str) -> None:
    """Raise LabctlError unless it holds."""
    if not holds:
        raise LabctlError("the game day over two hosts is not what it should be", expected=expected)


@contextmanager
def measured(found: Found, what: str) -> Iterator[None]:
    """Measure the block."""
    began = time.monotonic()
    yield
    found.append((what, _told(began)))


def _told(began: float) -> str:
    return f"{time.monotonic() - began:.0f} s"


def _down(manager: Host) -> bool:
    listed = manager.run("docker", "node", "ls", "--format", "{{.Hostname}} {{.Status}}").stdout
    return "host-2 Ready" not in listed


def _moved(day: Day) -> bool:
    teams = day.teams()
    return all(told["ready"] and day.place(team) == "host-2" and day.room(team) for team, told in teams.items())
