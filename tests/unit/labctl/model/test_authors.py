from __future__ import annotations

import re

from labctl.base.paths import bundle_root
from labctl.model.authors import AUTHORS


def test_whoever_changes_something_is_on_the_list() -> None:
    root = bundle_root()
    sources = [*(root / "faults").glob("*.py"), *(root / "services" / "releases").rglob("*.patch")]
    named = {
        name
        for each in sources
        for name in re.findall(r'(?:author="|^Author: )([\w.]+)', each.read_text("utf-8"), re.M)
    }
    assert named
    assert named <= set(AUTHORS)
