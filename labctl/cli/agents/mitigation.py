"""The tools that help the users, whatever the cause; each step is in the change feed, and has an undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labctl.actions import mitigate
from labctl.base.errors import InputError
from labctl.base.words import matching
from labctl.cli.agents import parameters as p
from labctl.cli.options import service_name
from labctl.model import mitigation as model

UNDO = "undo"


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
        try:
            if chosen == UNDO:
                (number,) = arguments
                return mitigate.undo(self.lab, int(number))
            return mitigate.take(self.lab, STEPS[chosen](arguments))
        except (ValueError, IndexError) as error:
            raise InputError(
                f"{chosen} does not take {list(arguments)}", expected="the arguments that `mitigations` shows for it"
            ) from error


def _shed(words: Sequence[str]) -> model.Step:
    share = float(words[0])
    if not 0 <= share <= 1:
        raise InputError(f"{share:g} is no share", expected="a number from 0 (none) to 1 (all)")
    return model.Shed(share)


STEPS: dict[str, Callable[[Sequence[str]], model.Step]] = {
    "rollback": lambda words: model.Rollback(service_name(words[0])),
    "restart": lambda words: model.Restart(service_name(words[0])),
    "move": lambda words: model.Move(service_name(words[0])),
    "scale": lambda words: mitigate.scaled(service_name(words[0]), words[1]),
    "config": lambda words: mitigate.configured(service_name(words[0]), words[1]),
    "flag": lambda words: model.Flag(words[0], words[1]),
    "kill-query": lambda words: model.KillQuery(words[0]),
    "shed": _shed,
    "block": lambda words: model.Block(matching("kind", words[0], model.BLOCKABLE), words[1]),
    "index": lambda words: model.Index(words[0]),
    "park": lambda words: model.Park(words[0] if words else ""),
}
