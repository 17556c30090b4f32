from __future__ import annotations

import random
from dataclasses import replace
from statistics import mean, quantiles

import pytest

from services.acquirer.latency import Latency
from services.acquirer.turns import Turns
from services.common.settings import Settings


def test_defaults_are_those_of_a_healthy_processor() -> None:
    latency = Latency.from_settings(Settings({}))
    seeded = Latency(latency.median, latency.sigma, latency.longest, normal=random.Random(7).gauss)
    drawn = [seeded.draw() for _ in range(20_000)]
    cuts = quantiles(drawn, n=100)
    assert cuts[49] == pytest.approx(latency.median, rel=0.02)
    assert cuts[94] == pytest.approx(1.2 * latency.median, rel=0.03), "a fifth as much again"
    assert latency.detours.share == 0
    assert 10 * latency.median < latency.detour < latency.longest


def test_no_answer_takes_longer_than_the_longest() -> None:
    assert Latency(0.045, 0.45, 1.5, normal=lambda _mean, _sigma: 99.0).draw() == 1.5


def test_it_is_waited() -> None:
    waited: list[float] = []
    Latency(0.2, 0.0, 1.5, sleep=waited.append).wait()
    assert waited == [0.2]


def test_settings() -> None:
    env = {"LATENCY_MEDIAN_MS": "80", "LATENCY_SIGMA": "1.1", "LATENCY_MAX_MS": "900"}
    latency = Latency.from_settings(Settings({**env, "DETOUR_MEDIAN_MS": "700", "DETOUR_RATIO": "0.1"}))
    assert (latency.median, latency.sigma, latency.longest) == (0.08, 1.1, 0.9)
    assert (latency.detour, latency.detours.share) == (0.7, 0.1)


def test_a_detour_moves_the_tail_far_more_than_the_mean() -> None:
    usual = replace(Latency.from_settings(Settings({})), normal=random.Random(7).gauss)
    drawn, far = ([one.draw() for _ in range(20_000)] for one in (usual, replace(usual, detours=Turns(0.035))))
    assert quantiles(far, n=100)[98] > 10 * quantiles(drawn, n=100)[98]
    assert mean(far) < 1.6 * mean(drawn)
