"""gunicorn's way in. The processor is not ours: it logs to its own stdout and sends us no telemetry."""

from __future__ import annotations

import os

from services.acquirer.app import Processor, build
from services.common import logs
from services.common.process import identify
from services.common.settings import Settings

identity = identify("acquirer", os.environ)
logs.configure(identity.service)
app = build(identity, Processor.from_settings(Settings(os.environ)))
