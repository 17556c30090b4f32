"""A one-off job exports what merchants took in yesterday, hour by hour.

Each hour reads some hundred rows through the small index on the time.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component as C

HOUR = """
SELECT merchant_id, currency, count(*), sum(amount_minor) FROM payments
WHERE status = 'captured'
  AND created_at >= date_trunc('day', now()) - interval '1 day' + interval '{hour} hours'
  AND created_at < date_trunc('day', now()) - interval '1 day' + interval '{hour} hours' + interval '1 hour'
GROUP BY 1, 2
"""


def make(lab: Lab, draw: Draw) -> None:
    """Run the job."""
    job = OneOffJob(
        "totals-export", tuple(HOUR.format(hour=hour) for hour in range(draw.number(0, 6), 24)), pause_s=1.0
    )
    summary = draw.one_of(
        "Export yesterday's totals for finance",
        "Yesterday's totals by merchant, once more",
        "Totals of yesterday for the new dashboard",
    )
    lab.jobs.run(job, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="yesterdays-totals",
    kind=ChangeKind.JOB,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(40, 90),
    shows=C.POSTGRES,
)
