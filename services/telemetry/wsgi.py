"""What gunicorn serves (services/common/gunicorn_conf.py; one worker: the last points live in its memory)."""

from __future__ import annotations

import os

from flask import Flask

from services.common import lifecycle
from services.telemetry.app import create_app
from services.telemetry.settings import Settings


def create() -> Flask:
    """Return the application, in the process that serves it."""
    app = create_app(Settings.from_env(os.environ))
    lifecycle.on_shutdown(app.extensions["telemetry"].close)
    return app
