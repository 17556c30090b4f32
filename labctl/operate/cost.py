"""What labs cost this host: memory of their own and CPU, by lab and service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from labctl.base.errors import EngineError
from labctl.docker import usage
from labctl.docker.docker import Container, Docker
from labctl.docker.usage import Usage

ASKERS = 24
"""Docker takes a second to answer for a container, and answers for many at once."""
FROZEN = "paused"


@dataclass(frozen=True)
class Cost:
    """Memory in MB without page cache, CPU in cores, of one service of a lab or of several."""

    memory_mb: float = 0.0
    cores: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        """Return both together."""
        return Cost(self.memory_mb + other.memory_mb, self.cores + other.cores)


def looks(docker: Docker, containers: Sequence[Container]) -> dict[str, Usage]:
    """Look at each container that runs or is paused, and return what it uses by its id; one that goes is left out.

    Raises EngineError when Docker does not answer.
    """
    there = [each for each in containers if each.running or each.state == FROZEN]
    with ThreadPoolExecutor(ASKERS, thread_name_prefix="cost") as pool:
        found = zip(there, pool.map(lambda each: _look(docker, each.id), there), strict=True)
        return {each.id: look for each, look in found if look is not None}


def by_service(docker: Docker, containers: Sequence[Container]) -> dict[tuple[str, str], Cost]:
    """Return what is used now, by project and service. Raises EngineError when Docker does not answer."""
    seen = looks(docker, containers)
    found: dict[tuple[str, str], Cost] = {}
    for each in containers:
        if each.id in seen:
            one = Cost(seen[each.id].memory_mb, seen[each.id].cores)
            found[each.project, each.service] = found.get((each.project, each.service), Cost()) + one
    return found


def together(costs: Iterable[Cost]) -> Cost:
    """Return the sum of costs."""
    return sum(costs, Cost())


def _look(docker: Docker, container: str) -> Usage | None:
    told = docker.statistics(container)
    try:
        return None if told is None else usage.read(told)
    except EngineError:
        return None  # it has just ended: nothing of it is left to count
