"""What is added to every answer, whichever view gave it."""

from __future__ import annotations

from flask import Flask

from services.common.settings import Settings
from services.gateway import timing, wiring


def install(app: Flask, settings: Settings) -> Flask:
    """Install what adds to answers; return the app."""
    timing.install(app, wiring.timing_told(settings))
    return app
