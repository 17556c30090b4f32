"""Whether a fault's evidence holds together: enough signals, of several kinds, against every near miss."""

from __future__ import annotations

import re
from collections.abc import Iterator

from labctl.catalogue.problem import Problem
from labctl.model.fault import Fault, RootCause
from labctl.model.signal import Entry, Lines, Word, speaks_against

LEAST = 3
LEAST_KINDS = 2


def problems(fault: Fault) -> Iterator[Problem]:
    """Yield what is wrong with the signals of a fault that names any."""
    if not fault.evidence:
        return
    if len(fault.evidence) < LEAST:
        yield Problem("evidence", f"fewer than {LEAST} signals")
    if len({each.kind for each in fault.evidence}) < LEAST_KINDS:
        yield Problem("evidence", f"the signals are of fewer than {LEAST_KINDS} kinds")
    yield from _signals(fault)
    for number, near in enumerate(fault.near_misses):
        if not any(speaks_against(each, _words(near.root_cause)) for each in fault.evidence):
            yield Problem("evidence", f"no signal speaks against near_misses[{number}]")


def _signals(fault: Fault) -> Iterator[Problem]:
    right = {word for cause in (fault.root_cause, *fault.accepted) for word in _words(cause)}
    seen: set[str] = set()
    for number, each in enumerate(fault.evidence):
        field = f"evidence[{number}]"
        if not each.tells:
            yield Problem(field, "the signal tells nothing")
        for word in sorted(each.tells - right):
            yield Problem(field, f"the signal tells '{word}', which is in no right answer")
        if each.name in seen:
            yield Problem(field, f"the signal '{each.name}' is there twice")
        seen.add(each.name)
        if isinstance(each, Lines | Entry) and (flaw := _flaw(each.pattern)):
            yield Problem(field, flaw)


def _flaw(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"'{pattern}' is no regular expression: {error}"
    return "" if pattern else "the pattern is empty"


def _words(cause: RootCause) -> tuple[Word, Word, Word]:
    return (cause.component, cause.trigger, cause.mechanism)
