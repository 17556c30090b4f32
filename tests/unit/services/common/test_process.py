from __future__ import annotations

import re

import pytest

from services.common.process import Identity, identify


def test_the_environment_names_the_process() -> None:
    env = {"SERVICE_NAME": "payments", "SERVICE_VERSION": "9.9.9"}
    assert identify("payments", env) == Identity("payments", "9.9.9")


@pytest.mark.parametrize("service", ["gateway", "payments", "acquirer"])
def test_else_the_version_file_does(service: str) -> None:
    identity = identify(service, {})
    assert identity.service == service
    assert re.fullmatch(r"\d+\.\d+\.\d+", identity.version)
