"""The postmortem as somebody edits it: kept in the lab's state, a document for each incident, with a version.

Whoever saves says which version they had before them: what somebody else saved meanwhile is not written over.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from labctl.play.postmortem import ActionItem, Postmortem
from labctl.state.database import Database
from labctl.state.documents import Documents, get_within, put_within

KIND = "postmortem"


@dataclass(frozen=True)
class Kept:
    """A postmortem as it was saved last: versions count from 1, `saved_at` is in epoch seconds."""

    version: int
    saved_at: float
    written: Postmortem


def load(database: Database, incident: str) -> Kept | None:
    """Return what was saved last; None where nothing was."""
    return _kept(Documents(database).get(KIND, incident))


def save(database: Database, incident: str, known: int, written: Postmortem) -> Kept | None:
    """Save a postmortem, and return it; None when another version than `known` is there, with another text.

    The same text again is the version that is there: whoever did not get the answer may ask again.
    """
    with database.writing() as connection:
        present = _kept(get_within(connection, KIND, incident))
        if present and present.written == written:
            return present
        if (present.version if present else 0) != known:
            return None
        fresh = Kept(known + 1, time.time(), written)
        put_within(connection, KIND, incident, asdict(fresh))
    return fresh


def forget(database: Database, incident: str) -> None:
    """Forget what was saved: the draft is what there is then."""
    Documents(database).remove(KIND, incident)


def _kept(body: dict[str, Any] | None) -> Kept | None:
    if body is None:
        return None
    told = body["written"]
    items = tuple(ActionItem(**each) for each in told["items"])
    return Kept(
        body["version"], body["saved_at"], Postmortem(told["title"], told["about"], dict(told["sections"]), items)
    )
