"""gunicorn's way in."""

from __future__ import annotations

import os

from services.common import process
from services.common.settings import Settings
from services.payments import wiring
from services.payments.app import build

app = build(process.start("payments", os.environ), wiring.connect(Settings(os.environ)))
