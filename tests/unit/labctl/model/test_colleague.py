from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.vocabulary import Component


def test_what_replaces_no_container_is_quick() -> None:
    quick = {
        kind for kind in ChangeKind if ColleaguesChange("a-change", kind, Component.RISK, "", lambda *_: None).quick
    }
    assert quick == set(ChangeKind) - {ChangeKind.RELEASE, ChangeKind.CONFIGURATION}
