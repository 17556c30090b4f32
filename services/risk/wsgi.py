"""gunicorn's way in."""

from __future__ import annotations

import os

from services.common import process
from services.common.settings import Settings
from services.risk import wiring
from services.risk.app import build

app = build(process.start("risk", os.environ), wiring.connect(Settings(os.environ)))
