"""The report runs more, or less, often.

It writes some hundred rows of the hour, to a table of its own.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component as C


def make(lab: Lab, draw: Draw) -> None:
    """Change the interval."""
    seconds = draw.one_of("240", "360", "900", "1800")
    summary = draw.one_of(
        f"Totals every {seconds} s, finance looks at them at noon",
        "Report: the interval that finance asked for",
        f"Bring totals up to date every {seconds} s",
    )
    lab.configuration.change("jobs", "REPORT_EVERY_SECONDS", seconds, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="jobs-report-interval",
    kind=ChangeKind.CONFIGURATION,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
)
