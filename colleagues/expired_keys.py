"""A one-off job deletes idempotency keys that have expired, in small batches.

The scheduled job deletes them too, so that few or none are left. No request looks for a key of that age.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component as C

BATCH = """
DELETE FROM idempotency_keys WHERE (key, scope) IN (
    SELECT key, scope FROM idempotency_keys
    WHERE created_at < now() - interval '{hours} hours' ORDER BY created_at LIMIT 500)
"""


def make(lab: Lab, draw: Draw) -> None:
    """Run the job."""
    job = OneOffJob("expired-keys", (BATCH.format(hours=draw.number(26, 48, 2)),) * draw.number(10, 20), pause_s=1.5)
    summary = draw.one_of(
        "Delete expired idempotency keys in batches of 500",
        "Clean up idempotency keys",
        "Idempotency keys: remove what the scheduled job left",
    )
    lab.jobs.run(job, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="expired-keys",
    kind=ChangeKind.JOB,
    component=C.JOBS,
    story=__doc__ or "",
    make=make,
    lasts=Lasting(30, 60),
)
