"""A job's statement may take longer, or shorter.

The longest takes some tens of milliseconds.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the time-out."""
    timeout = draw.one_of("2000", "8000", "15000", "60000")
    summary = draw.one_of(
        f"Jobs: {timeout} ms for a statement",
        "Statement limit for jobs: room for the end of the quarter",
        "Jobs follow the database team's limit now",
    )
    lab.configuration.change("jobs", "STATEMENT_TIMEOUT_MS", timeout, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="jobs-statement-timeout",
    kind=ChangeKind.CONFIGURATION,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
