"""python -m services.jobs: run the jobs until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import signal
import time
from functools import partial

from services.common import lifecycle, process
from services.common.settings import Settings
from services.jobs.reconcile import reconcile
from services.jobs.report import report
from services.jobs.run import STATEMENT_TIMEOUT_S, Job
from services.jobs.runner import Runner
from services.jobs.schedule import Schedule, Timetable
from services.jobs.tidy import tidy

JOBS = (Job("reconcile", reconcile), Job("report", report), Job("tidy", tidy))
EVERY_S = {"reconcile": 20.0, "report": 300.0, "tidy": 300.0}


def build(settings: Settings) -> Runner:
    """Read DATABASE_URL, STATEMENT_TIMEOUT_MS, and for every job <JOB>_EVERY_SECONDS."""
    url = settings.text("DATABASE_URL")
    statement_timeout = settings.milliseconds("STATEMENT_TIMEOUT_MS", round(STATEMENT_TIMEOUT_S * 1000))
    timetables = [
        Timetable(job.name, settings.number(f"{job.name.upper()}_EVERY_SECONDS", EVERY_S[job.name], low=1))
        for job in JOBS
    ]
    return Runner(
        Schedule(timetables, time.monotonic()), {job.name: partial(job.run, url, statement_timeout) for job in JOBS}
    )


def main() -> None:
    """Run until told to stop."""
    process.start("jobs", os.environ)
    try:
        runner = build(Settings(os.environ))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: runner.stop())
        runner.run()
    finally:
        lifecycle.shutdown()


if __name__ == "__main__":
    main()
