from __future__ import annotations

import pytest

from services.payments.checkout import Checkouts
from services.payments.refunds import Refunds
from tests.support.payments_world import FakeAcquirer, FakeRisk, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def risk() -> FakeRisk:
    return FakeRisk()


@pytest.fixture
def acquirer() -> FakeAcquirer:
    return FakeAcquirer()


@pytest.fixture
def woken() -> list[str]:
    """Count how often the outbox was woken."""
    return []


@pytest.fixture
def checkouts(world: World, risk: FakeRisk, acquirer: FakeAcquirer, woken: list[str]) -> Checkouts:
    return Checkouts(world, world, risk, acquirer, lambda: woken.append("checkout"))


@pytest.fixture
def refunds(world: World, acquirer: FakeAcquirer, woken: list[str]) -> Refunds:
    return Refunds(world, world, acquirer, lambda: woken.append("refund"))
