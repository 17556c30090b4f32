"""A one-off job counts the merchants by country and category, for a presentation.

It reads a small table a few times, with pauses.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component as C

COUNT = "SELECT country, category, count(*) FROM merchants GROUP BY 1, 2"


def make(lab: Lab, draw: Draw) -> None:
    """Run the job."""
    job = OneOffJob("merchant-count", (COUNT,) * draw.number(10, 30), pause_s=1.0)
    summary = draw.one_of(
        "Count merchants by country and category for the quarterly review", "Run the merchant count for finance, once"
    )
    lab.jobs.run(job, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="merchants-statistics",
    kind=ChangeKind.JOB,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(40, 90),
)
