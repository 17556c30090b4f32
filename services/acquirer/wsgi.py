"""What gunicorn serves. The processor is not ours: it logs to its own stdout and sends us no telemetry."""

from __future__ import annotations

import os

from flask import Flask

from services.acquirer.app import build
from services.acquirer.behaviour import Behaviour
from services.common import logs
from services.common.process import identify


def create() -> Flask:
    """Return the application, in the process that serves it."""
    identity = identify("acquirer", os.environ)
    logs.configure(identity.service)
    return build(identity, Behaviour(os.environ).now)
