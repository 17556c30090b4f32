"""A one-off job compares a day's payments with the ledger, hour by hour.

An hour has some hundred payments, each looked up in the ledger by an index.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component as C

HOUR = """
SELECT count(*) FROM payments p
WHERE p.status = 'captured'
  AND p.created_at >= now() - interval '{hours} hours'
  AND p.created_at < now() - interval '{hours} hours' + interval '1 hour'
  AND NOT EXISTS (SELECT FROM ledger_entries e WHERE e.payment_id = p.id)
"""


def make(lab: Lab, draw: Draw) -> None:
    """Run the job."""
    job = OneOffJob(
        "settlement", tuple(HOUR.format(hours=hours) for hours in range(draw.number(24, 30), 2, -1)), pause_s=1.0
    )
    summary = draw.one_of(
        "Check the day's settlement for audit",
        "Compare payments and ledger over a day, before the closing",
        "Settlement check asked for by finance",
    )
    lab.jobs.run(job, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="settlement-check",
    kind=ChangeKind.JOB,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(40, 90),
    shows=C.POSTGRES,
)
