from __future__ import annotations

import pytest

from labctl.base.errors import CatalogueError
from labctl.images import releases
from labctl.lab import changing
from labctl.lab.changing import Said

SAID = Said("c.meyer", "Fresher features")


def test_a_configuration_change_names_only_what_changed() -> None:
    before, after = "A=1\nB=2\nC=3\n", "A=1\nB=5\nD=4\n"
    change = changing.configuration("risk", before, after, SAID)
    assert (change.old, change.new) == ("B=2 C=3", "B=5 D=4")
    assert change.detail.startswith("--- a/config/risk.env\n+++ b/config/risk.env\n")
    assert (change.kind, change.component, change.author, change.summary) == (
        "configuration",
        "risk",
        "c.meyer",
        "Fresher features",
    )


def test_a_release_carries_the_diff_of_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "diff", lambda service, old, new, _own: f"{service} {old} {new}")
    change = changing.release("payments", "1.0.0", "1.1.0", SAID)
    assert (change.kind, change.old, change.new, change.detail) == ("release", "1.0.0", "1.1.0", "payments 1.0.0 1.1.0")


def test_the_way_back_from_a_release_that_fits_no_more_has_no_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    def diff(*_: object) -> str:
        raise CatalogueError("the patch does not fit")

    monkeypatch.setattr(releases, "diff", diff)
    with pytest.raises(CatalogueError):
        changing.release("payments", "1.0.0", "1.1.0", SAID)
    back = changing.release("payments", "1.1.0", "1.0.0", SAID, back=True)
    assert (back.old, back.new, back.detail) == ("1.1.0", "1.0.0", "")
