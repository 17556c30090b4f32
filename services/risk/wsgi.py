"""What gunicorn serves."""

from __future__ import annotations

import os

from flask import Flask

from services.common import process
from services.common.settings import Settings
from services.risk import wiring
from services.risk.app import build


def create() -> Flask:
    """Return the application, in the process that serves it."""
    return build(process.start("risk", os.environ), wiring.connect(Settings(os.environ)))
