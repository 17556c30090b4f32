"""A rehearsal: what a colleague's change, or a fault, would do to a lab, written down instead. It needs no lab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from labctl.model.colleague import ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.fault import Fault
from labctl.model.lab import Lab


@dataclass(frozen=True)
class Call:
    """One verb of one mechanism, and what it was given: configuration, change, ("risk", "DB_POOL_MAX", "2")."""

    mechanism: str
    verb: str
    given: tuple[Any, ...]
    named: Mapping[str, Any]

    @property
    def author(self) -> str:
        """Who makes the change; empty when nobody announces it."""
        return str(self.named.get("author", ""))

    @property
    def summary(self) -> str:
        """What the change feed would say; empty when that is up to the release."""
        return str(self.named.get("summary", ""))


@dataclass(frozen=True)
class _Memory:
    used: int = 1_800_000
    cached: int = 100_000


_ANSWERS = {"memory": _Memory()}
"""What a lab would answer where a step asks."""


@dataclass
class _Rehearsed:
    calls: list[Call] = field(default_factory=list)
    mechanism: str = ""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a mechanism of the lab, or a verb of that
        if not self.mechanism:
            return _Rehearsed(self.calls, name)
        return self._noted(name)

    def _noted(self, verb: str) -> Callable[..., object]:
        def note(*given: object, **named: object) -> object:
            self.calls.append(Call(self.mechanism, verb, given, named))
            return _ANSWERS.get(verb)

        return note


def rehearse(change: ColleaguesChange, draw: Draw) -> list[Call]:
    """Return the calls by which a change would be made with this draw."""
    lab = _Rehearsed()
    change.make(cast(Lab, lab), draw)
    return lab.calls


def rehearse_fault(fault: Fault, draw: Draw) -> list[Call]:
    """Return the calls by which a fault would be injected with this draw."""
    lab = _Rehearsed()
    fault.break_lab(cast(Lab, lab), draw)
    return lab.calls
