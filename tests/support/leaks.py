"""What an audit for leaks finds in all that a learner can reach of a real lab: ids of faults, telling words, and what
changed in its shape that no change feed explains."""

from __future__ import annotations

from functools import lru_cache

from labctl.lab.lab import Lab
from labctl.model.vocabulary import Category
from tests.support import structure
from tests.support.catalogue import FAULTS
from tests.support.reach import Reach, Text, state_files
from tests.support.structure import Picture
from tests.support.telling import ids_in, words_in

IDS = tuple(fault.id for fault in FAULTS)
PLAYED = "risk-cache-ttl-cut"
"""The fault of the incident that is played to its end, and audited when its page has come."""
HIDDEN = "risk-cache-key-regression"
HIDDEN_BY = ("--track", str(Category.CODE), "--seed", "5")
"""What makes `labctl break` choose HIDDEN, on the incident that is given up; it is audited when its page has come."""
_COVERED = {fault.category for fault in FAULTS if fault.id in (PLAYED, HIDDEN)}
PAGED = tuple({each.category: each.id for each in reversed(FAULTS) if each.category not in _COVERED}.values())
"""One fault of every other category: audited when its page has come, too."""
AUDITED_WITH_ITS_PAGE = (PLAYED, HIDDEN, *PAGED)


def findings(lab: Lab, since: float, *more: Text) -> list[str]:
    """Return the place of every id and of every telling word in the lab's texts or `more`, and what stands there."""
    texts = [*Reach(lab, since).texts(), *more]
    named = [f"{where} names {each}" for where, text in texts for each in (*_ids(where), *_ids(text))]
    told = [f"{where} says: {each}" for where, text in texts for each in _words(text)]
    kept = [f"state file {name} names {each}" for name, raw in state_files(lab) for each in ids_in(raw, IDS)]
    return sorted({*named, *told, *kept})


def told_by_shape(lab: Lab, before: Picture, since: float) -> list[str]:
    """Return what is different from `before`, and neither the feed's entries since then nor a symptom explain."""
    return structure.unexplained(before, structure.take(lab), lab.store.changes.list(since=since))


# The sources of most services are the same at every look.
@lru_cache(maxsize=2048)
def _ids(text: str) -> tuple[str, ...]:
    return tuple(ids_in(text, IDS))


@lru_cache(maxsize=2048)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words_in(text))
