"""The tools that help the users, whatever the cause; each step is in the change feed, and has an undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labctl.actions import mitigate, typed_steps
from labctl.base.errors import InputError
from labctl.base.words import matching
from labctl.cli.agents import parameters as p

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
        chosen = matching("step", verb, [*typed_steps.STEPS, UNDO])
        if chosen == UNDO:
            return mitigate.undo(self.lab, _number(arguments))
        return typed_steps.take(self.lab, chosen, arguments)


def _number(arguments: Sequence[str]) -> int:
    """Return the number of the step to undo. Raises InputError."""
    try:
        (text,) = arguments
        return int(text)
    except ValueError as error:
        raise InputError(f"undo does not take {list(arguments)}", expected="the number of a step") from error
