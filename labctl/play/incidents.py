"""The incidents of one lab, as the actions see them: started, judged, ended. Every writer holds the lab's lock."""

from __future__ import annotations

from labctl.play.ending import end_if_due, give_up, keep_curves, reconcile
from labctl.play.judging import submit, try_evidence
from labctl.play.starting import require_fit, start
from labctl.play.stored import KIND, latest, latest_of, require_none, require_open, still_broken

__all__ = [
    "KIND",
    "end_if_due",
    "give_up",
    "keep_curves",
    "latest",
    "latest_of",
    "reconcile",
    "require_fit",
    "require_none",
    "require_open",
    "start",
    "still_broken",
    "submit",
    "try_evidence",
]
