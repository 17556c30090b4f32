"""gunicorn's way in."""

from __future__ import annotations

import os

from services.common import process
from services.common.settings import Settings
from services.gateway import wiring
from services.gateway.app import build

app = build(process.start("gateway", os.environ), wiring.connect(Settings(os.environ)))
