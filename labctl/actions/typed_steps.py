"""Mitigations as they are typed: a verb and its words, and the step that they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labctl.actions import mitigate
from labctl.actions.elsewhere import reachable
from labctl.actions.mitigate import Taken, configured, scaled
from labctl.base.errors import InputError, NotFoundError
from labctl.base.words import matching
from labctl.model import mitigation as model
from labctl.model.services import SERVICES


def step_of(verb: str, arguments: Sequence[str]) -> model.Step:
    """Return the step that a verb and its words mean; nothing is done yet. Raises NotFoundError, InputError."""
    chosen = matching("step", verb, STEPS)
    try:
        return STEPS[chosen](*arguments)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{chosen} does not take {list(arguments)}", expected=f"{chosen} {FORMS[chosen]}".strip()
        ) from error


@reachable
def take(name: str, verb: str, arguments: Sequence[str]) -> Taken:
    """Take the step that a verb and its words mean. Raises as `step_of` and `mitigate.take` do."""
    return mitigate.take(name, step_of(verb, arguments))


def _service(text: str) -> str:
    """Return the service that a beginning of its name means; another name as it is: the step says what it may be."""
    try:
        return matching("service", text, SERVICES) if text else text
    except NotFoundError:
        return text


def _shed(text: str) -> model.Step:
    share = float(text)
    if not 0 <= share <= 1:
        raise InputError(f"{share:g} is no share", expected="a number from 0 (none) to 1 (all)")
    return model.Shed(share)


VERBS = model.VERBS
FORMS = {each.verb: each.form for each in VERBS}
STEPS: dict[str, Callable[..., model.Step]] = {
    "rollback": lambda service: model.Rollback(_service(service)),
    "restart": lambda service: model.Restart(_service(service)),
    "move": lambda service: model.Move(_service(service)),
    "scale": lambda service, what: scaled(_service(service), what),
    "config": lambda service, what: configured(_service(service), what),
    "flag": model.Flag,
    "kill-query": model.KillQuery,
    "shed": _shed,
    "block": lambda kind, value: model.Block(matching("kind", kind, model.BLOCKABLE), value),
    "index": model.Index,
    "park": lambda record="": model.Park(record),
}
