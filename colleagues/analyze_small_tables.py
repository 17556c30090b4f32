"""A one-off job brings the statistics of small tables up to date.

Each is read in a few milliseconds; plans stay the same, as the tables have hardly changed.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component as C

TABLES = ("merchants", "customers", "balances", "refunds", "merchant_totals")


def make(lab: Lab, draw: Draw) -> None:
    """Run the job."""
    job = OneOffJob("analyze", tuple(f"ANALYZE {table}" for table in draw.sample(TABLES, 4)), pause_s=2.0)
    summary = draw.one_of(
        "ANALYZE the small tables, after last week's import",
        "Bring statistics up to date (query review)",
        "Refresh planner statistics, tables other than payments",
    )
    lab.jobs.run(job, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="analyze-small-tables",
    kind=ChangeKind.JOB,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(20, 60),
)
