from __future__ import annotations

import pytest

from labctl.base.errors import InputError
from labctl.cli.options import service_name


@pytest.mark.parametrize(
    ("typed", "meant"), [("", ""), ("pay", "payments"), ("Gateway", "gateway"), ("redis-exporter", "redis-exporter")]
)
def test_a_service_is_meant_by_the_beginning_of_its_name(typed: str, meant: str) -> None:
    assert service_name(typed) == meant


def test_several_services_are_named() -> None:
    with pytest.raises(InputError) as caught:
        service_name("p")
    assert caught.value.expected == "one of: payments, postgres, prometheus"
