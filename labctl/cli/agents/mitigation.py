"""The tools that help the users, whatever the cause; each step is in the change feed, and has an undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from labctl.actions import mitigate
from labctl.base.errors import InputError
from labctl.base.words import matching
from labctl.cli.agents import parameters as p
from labctl.cli.options import service_name
from labctl.model import mitigation as model

UNDO = "undo"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Mitigation:
    """Mitigation in the lab `lab`."""

    lab: str

    def mitigations(self) -> mitigate.Catalogue:
        """List every step that can be taken, whatever is broken: what it does, what it costs, how it is undone."""
        return mitigate.catalogue(self.lab)

    def mitigate(self, verb: p.Verb, arguments: p.Arguments) -> mitigate.Taken:
        """Take one of the steps that the tool mitigations lists, or undo one by its number."""
        chosen = matching("step", verb, [*STEPS, UNDO])
        if chosen == UNDO:
            return mitigate.undo(self.lab, _made(chosen, _number, arguments))
        return mitigate.take(self.lab, _made(chosen, STEPS[chosen], arguments))


def _made(chosen: str, make: Callable[..., Made], arguments: Sequence[str]) -> Made:
    """Make a step, or a number, of the arguments; nothing is done yet. Raises InputError."""
    try:
        return make(*arguments)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{chosen} does not take {list(arguments)}", expected="the arguments that `mitigations` shows for it"
        ) from error


def _number(text: str) -> int:
    # Not int itself, which takes no text for zero and a base for a second.
    return int(text)


def _shed(text: str) -> model.Step:
    share = float(text)
    if not 0 <= share <= 1:
        raise InputError(f"{share:g} is no share", expected="a number from 0 (none) to 1 (all)")
    return model.Shed(share)


STEPS: dict[str, Callable[..., model.Step]] = {
    "rollback": lambda service: model.Rollback(service_name(service)),
    "restart": lambda service: model.Restart(service_name(service)),
    "move": lambda service: model.Move(service_name(service)),
    "scale": lambda service, what: mitigate.scaled(service_name(service), what),
    "config": lambda service, what: mitigate.configured(service_name(service), what),
    "flag": model.Flag,
    "kill-query": model.KillQuery,
    "shed": _shed,
    "block": lambda kind, value: model.Block(matching("kind", kind, model.BLOCKABLE), value),
    "index": model.Index,
    "park": lambda record="": model.Park(record),
}
