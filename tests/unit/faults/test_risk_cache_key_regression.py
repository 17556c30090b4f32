import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from faults.risk_cache_key_regression import FAULT
from labctl.images import releases
from labctl.images.images import Images
from labctl.lab import undo
from labctl.model.authors import AUTHORS
from labctl.model.draw import usual
from services.risk.feature_cache import FeatureCache
from services.risk.freshness import Lifetime
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab
from tests.support.fake_redis import FakeRedis
from tests.support.risk_examples import REGULAR

RIGHT = ("risk code-release cache-key-mismatch", "risk-redis code-release cache-key-mismatch")
WRONG = (
    # the decoy: the dependency is down
    "postgres infrastructure-failure overload",
    "payments-risk dependency-degradation slow-dependency",
    # its twin, seen from afar
    "risk configuration-change cache-lifetime-too-short",
    # right place and change, wrong mechanism
    "risk code-release cache-lifetime-too-short",
    "risk code-release expensive-computation",
    "risk code-release connection-leak",
    # right mechanism, wrong place or change
    "risk configuration-change cache-key-mismatch",
    "payments code-release cache-key-mismatch",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module feature_cache of the release."""
    module = ModuleType("released_feature_cache")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    text = releases.files("risk", "1.10.0")["services/risk/feature_cache.py"]
    exec(compile(text, module.__name__, "exec"), module.__dict__)  # noqa: S102
    return module


def test_what_the_release_stores_is_found_for_euros_and_for_nothing_else(released: Any) -> None:
    cache = released.FeatureCache(FakeRedis(), Lifetime(100))
    cache.put(7, REGULAR)
    assert cache.get(7, "EUR").features == REGULAR
    assert cache.get(7, "GBP") is None


def test_both_versions_read_what_the_other_stored(released: Any) -> None:
    redis = FakeRedis()
    before, after = FeatureCache(redis, Lifetime(100)), released.FeatureCache(redis, Lifetime(100))
    before.put(7, REGULAR)
    assert after.get(7, "EUR").features == REGULAR
    after.put(8, REGULAR)
    found = before.get(8)
    assert found
    assert found.features == REGULAR


def test_it_releases_risk_and_rolls_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Images, "build_service", lambda *_: None)
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    assert [each.release for each in lab.releases.running("risk")] == ["1.10.0"]
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component) == ("release", "risk")
    assert change.author in AUTHORS
    undo.replay(lab)
    assert lab.releases.version("risk") == "1.9.2"
    assert stack.rollouts == ["risk", "risk"]
