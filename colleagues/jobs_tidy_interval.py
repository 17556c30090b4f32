"""Old keys and events are deleted more, or less, often.

What is deleted is a day, or an hour, old; nobody reads it.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the interval."""
    seconds = draw.one_of("60", "240", "600", "1200")
    summary = draw.one_of(
        f"Tidy up every {seconds} s",
        f"Outbox and keys: delete what is old every {seconds} s",
        "Spread deletes: another interval for tidy",
    )
    lab.configuration.change("jobs", "TIDY_EVERY_SECONDS", seconds, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="jobs-tidy-interval",
    kind=ChangeKind.CONFIGURATION,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
