"""Counts the kernel's kills for want of memory, also where the control group that counted them is gone.

A container that dies of a kill loses its group with the count within a fraction of a second, and comes back with a new
one. The whole host's count stays. A kill that no group has shown belongs to the container that ended right then with
its memory in use. The count of a container that does not come back, since it was replaced, is told for a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from services.containers.cgroups import Values

KILLS = "container_oom_events_total"
FULL = 0.5
"""Of its limit: a container that used less when it was last seen, a second before, ended of something else."""
REMEMBER_S = 5.0
"""A killed container's processes may take as long to go after the kill, and a kill as long to be seen after them."""
KEEP_S = 3600.0
"""How long the kills of a container that is gone are told: as long as the lab keeps traces and log lines."""


@dataclass
class Seen:
    """What is known of one container: its group's count and its fullness at the last look, and the counts before."""

    own: int = 0
    before: int = 0
    full: float = 0.0
    runs: float | None = None
    """When the first process started."""
    at: float = 0.0
    """When it was seen last."""

    @property
    def kills(self) -> int:
        """All of them."""
        return self.before + self.own


@dataclass
class Kills:
    """The counts by container id; `look` is called once for each look at all of them."""

    _seen: dict[str, Seen] = field(default_factory=dict)
    _host: int | None = None
    _unclaimed: list[float] = field(default_factory=list)
    """When kills were seen that no group has shown."""
    _ended: dict[str, float] = field(default_factory=dict)
    """When containers ended with their memory in use."""

    def look(self, host: int, found: Mapping[str, Values], now: float | None = None) -> dict[str, int]:
        """Take in the host's count and every container's figures; return the kills of each container by its id.

        Containers that are gone are among them when they had any, for KEEP_S.
        """
        moment = monotonic() if now is None else now
        shown = sum(self._take(each, values, moment) for each, values in found.items())
        for each in self._seen.keys() - found.keys():
            self._end(each, moment)
        risen = 0 if self._host is None else max(0, host - self._host)
        self._host = host
        self._unclaimed = [at for at in self._unclaimed if moment - at <= REMEMBER_S]
        self._unclaimed += [moment] * max(0, risen - shown)
        # A group may show a kill later than the host's count does.
        del self._unclaimed[: max(0, shown - risen)]
        self._claim(moment)
        self._seen = {each: seen for each, seen in self._seen.items() if moment - seen.at <= KEEP_S}
        return {each: seen.kills for each, seen in self._seen.items() if each in found or seen.kills}

    @property
    def remembered(self) -> frozenset[str]:
        """The ids of the containers that kills may still be told of."""
        return frozenset(self._seen)

    def _take(self, container: str, values: Values, moment: float) -> int:
        """Return how many new kills the container's own group shows."""
        own, started = int(values.get(KILLS, 0)), values.get("container_start_time_seconds")
        seen = self._seen.setdefault(container, Seen(own, runs=started))
        if seen.runs != started:
            self._end(container, moment)
        else:
            self._ended.pop(container, None)  # it could not be read for a moment, that was all
        if own < seen.own:  # a new group counts from nothing
            seen.before, seen.own = seen.before + seen.own, 0
        risen = own - seen.own
        limit = values.get("container_spec_memory_limit_bytes", 0)
        seen.own, seen.runs, seen.at = own, started, moment
        seen.full = values.get("container_memory_usage_bytes", 0) / limit if limit else 0.0
        return risen

    def _end(self, container: str, moment: float) -> None:
        """Note that the container's first process is gone."""
        seen = self._seen[container]
        if seen.full >= FULL:
            self._ended[container] = moment
        seen.full = 0.0

    def _claim(self, moment: float) -> None:
        """Give kills that nobody has shown to containers that ended at about that time, one each."""
        self._ended = {each: at for each, at in self._ended.items() if moment - at <= REMEMBER_S}
        while self._unclaimed and self._ended:
            container = min(self._ended, key=self._ended.__getitem__)
            del self._ended[container], self._unclaimed[0]
            self._seen[container].before += 1
