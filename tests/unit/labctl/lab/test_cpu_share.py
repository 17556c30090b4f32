from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labctl.base import paths
from labctl.lab import cpu_share
from labctl.lab.cpu_share import FILE_NAME, LEAST_US, WHOLE_US, quotas

SHIPPED = paths.bundle_root() / "compose" / "lab.yml"
SMALL = """\
x-service: &service
  cpu_quota: 7

services:
  risk:
    <<: *service
    image: risk
  postgres-exporter:
    cpu_quota: 50000
    cpu_period: 100000
    environment:
      cpu_quota: 3

volumes:
  redis-data: {}
"""


def services(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["services"]
    return found


def test_the_quotas_are_those_that_compose_reads() -> None:
    expected = {service: each["cpu_quota"] for service, each in services(SHIPPED).items()}
    assert quotas(SHIPPED.read_text()) == expected
    assert {WHOLE_US, 50_000} <= set(expected.values())


def test_a_service_without_one_of_its_own_has_a_whole_core() -> None:
    assert quotas(SMALL) == {"risk": WHOLE_US, "postgres-exporter": 50_000}


def shares(folder: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads((folder / FILE_NAME).read_text())["services"]
    return found


def test_every_service_gets_its_share_and_nothing_else_changes(tmp_path: Path) -> None:
    cpu_share.write(tmp_path, SHIPPED, 0.4)
    assert shares(tmp_path) == {
        service: {"cpu_quota": round(0.4 * each["cpu_quota"])} for service, each in services(SHIPPED).items()
    }


def test_all_of_it_needs_no_override(tmp_path: Path) -> None:
    cpu_share.write(tmp_path, SHIPPED, 1.0)
    assert list(tmp_path.iterdir()) == []
    cpu_share.write(tmp_path, SHIPPED, 0.5)
    cpu_share.write(tmp_path, SHIPPED, 1.0)
    assert list(tmp_path.iterdir()) == []


def test_the_override_is_as_private_as_what_lies_beside_it(tmp_path: Path) -> None:
    cpu_share.write(tmp_path, SHIPPED, 0.5)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


@given(share=st.floats(0, 1, exclude_max=True))
def test_no_share_is_more_than_there_was_or_less_than_the_kernel_takes(
    share: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    cpu_share.write(folder, SHIPPED, share)
    before = quotas(SHIPPED.read_text())
    for service, each in shares(folder).items():
        assert LEAST_US <= each["cpu_quota"] <= before[service]
        assert each["cpu_quota"] == pytest.approx(share * before[service], abs=max(0.5, LEAST_US))
