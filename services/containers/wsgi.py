"""What gunicorn serves (services/common/gunicorn_conf.py; one worker: restarts are counted in its memory)."""

from __future__ import annotations

import os
from pathlib import Path

from services.common.settings import Settings
from services.containers.app import Application
from services.containers.collector import Collector


def create() -> Application:
    """Return the application, in the process that serves it."""
    settings = Settings(os.environ)
    return Application(
        Collector(
            inventory=Path(settings.text("CONTAINERS_FILE", "/run/lab/containers.json")),
            cgroup=Path(settings.text("CGROUP_ROOT", "/host/cgroup")),
            proc=Path(settings.text("PROC_ROOT", "/proc")),
        )
    )
