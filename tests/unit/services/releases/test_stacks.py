"""Colleagues' releases upon each other and below the others: all fit in any order, and what they make is a service."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from types import ModuleType

import pytest

from labctl.base.paths import bundle_root
from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import rehearse
from labctl.images import releases
from labctl.images.patches import Patch, apply, parse
from labctl.model.colleague import ChangeKind
from labctl.model.draw import Draw
from services.risk.features import Features

RELEASES = [
    (str(call.given[0]), str(call.given[1]))
    for change in colleagues.usable()[0]
    if change.kind is ChangeKind.RELEASE
    for call in rehearse(change, Draw(1))
]
SERVICES = sorted({service for service, _ in RELEASES})
AT_A_TIME = 400
IMPORT_ALL = """
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*.py")):
    if path.name != "__main__.py":
        importlib.import_module(".".join(path.relative_to(root.parents[1]).with_suffix("").parts))
"""


def patch(service: str, version: str) -> Patch:
    path = bundle_root() / "services" / "releases" / service / f"{version}.patch"
    return parse(path.read_text(), path.name)


def stacked(service: str, versions: list[str]) -> dict[str, str]:
    tree = releases.files(service, releases.versions(service)[0])
    for version in versions:
        tree = apply(patch(service, version), tree, version)
    return tree


def of(service: str) -> list[str]:
    return [version for known, version in RELEASES if known == service]


def load(service: str, name: str, text: str) -> ModuleType:
    module = ModuleType(f"services.{service}.{name}")
    sys.modules["stacked_module"] = module
    module.__name__ = "stacked_module"
    exec(compile(text, f"{name}.py", "exec"), vars(module))  # noqa: S102 - our own source, patched
    return module


@pytest.mark.parametrize(("service", "version"), RELEASES)
def test_it_fits_before_and_after_every_other_release(service: str, version: str) -> None:
    for other in releases.versions(service)[1:]:
        if other != version:
            assert stacked(service, [version, other]) == stacked(service, [other, version])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_s_releases_fit_in_any_order(service: str) -> None:
    orders = [list(each) for each in permutations(of(service))][:AT_A_TIME]
    first = stacked(service, orders[0])
    assert all(stacked(service, order) == first for order in orders[1:])


@pytest.mark.parametrize("service", SERVICES)
def test_all_releases_of_a_service_together_can_be_imported(service: str, tmp_path: Path) -> None:
    common = {
        path.relative_to(bundle_root()).as_posix(): path.read_text()
        for path in [bundle_root() / "services/__init__.py", *(bundle_root() / "services/common").rglob("*.py")]
    }
    for path, text in {**common, **stacked(service, of(service))}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    program = [sys.executable, "-c", IMPORT_ALL, str(tmp_path / "services" / service)]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_table_of_rules_scores_as_the_rules_do() -> None:
    path = "services/risk/scoring.py"
    before, after = (load("risk", "scoring", stacked("risk", each)[path]) for each in ([], ["1.9.6"]))
    draw = random.Random(7)
    for _ in range(3000):
        features = Features(
            draw.choice(["DE", "GB"]), draw.choice([0, 29, 30, 900]), draw.choice([0, 2, 3, 90]), draw.randint(0, 9000),
            draw.randint(0, 3000), tuple(draw.sample(["FR", "IT", "NL"], 2)), draw.randint(0, 60),
        )  # fmt: skip
        amount, country = draw.randint(1, 200_000), draw.choice([None, "DE", "FR", "US"])
        more = {"stranger": draw.random() < 0.5, "suspicion": draw.choice([0.0, 0.5, 0.98, 1.0])}
        old, new = (vars(each.assess(features, amount, country, **more)) for each in (before, after))
        assert old == new


def test_statements_in_files_are_those_in_the_code() -> None:
    tree, own = stacked("payments", ["2.14.7"]), stacked("payments", [])
    code = " ".join(" ".join(own[f"services/payments/{each}.py"].split()) for each in ("figures", "refund_repository"))
    files = [text for path, text in tree.items() if path.endswith(".sql")]
    assert len(files) == 4
    for text in files:
        lines = [line for line in text.splitlines() if not line.startswith("--")]
        assert " ".join(" ".join(lines).split()) in code


def test_the_cache_s_keys_are_the_same_texts() -> None:
    path = "services/risk/feature_cache.py"
    before, after = (load("risk", "feature_cache", stacked("risk", each)[path]) for each in ([], ["1.9.3"]))
    for customer_id in (1, 731, 50_000):
        key = after._key(customer_id)
        assert key == before._key(customer_id)
        assert after.customer_of(key) == customer_id
    assert after.customer_of("payments.events") is None


def test_amounts_are_shown_with_the_decimals_of_their_currency() -> None:
    shown = load("payments", "money", stacked("payments", ["2.14.6"])["services/payments/money.py"]).shown
    assert [shown(1250, "EUR"), shown(5, "USD"), shown(1250, "JPY"), shown(1250, "KWD"), shown(-101, "GBP")] == [
        "12.50", "0.05", "1250", "1.250", "-1.01",
    ]  # fmt: skip
