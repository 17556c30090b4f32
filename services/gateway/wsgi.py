"""What gunicorn serves."""

from __future__ import annotations

import os

from flask import Flask

from services.common import process
from services.common.settings import Settings
from services.gateway import admission, answers, habits, wiring
from services.gateway.app import build


def create() -> Flask:
    """Return the application, in the process that serves it."""
    settings = Settings(os.environ)
    app = habits.note(build(process.start("gateway", os.environ), wiring.connect(settings)))
    return answers.install(admission.install(app, admission.from_settings(settings)), settings)
