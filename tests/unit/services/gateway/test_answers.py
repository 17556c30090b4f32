from __future__ import annotations

from pathlib import Path

from flask import Flask

from services.common.settings import Settings
from services.gateway import answers, timing


def test_what_the_flags_ask_for_is_added_to_an_answer(tmp_path: Path) -> None:
    on = '{"flags": {"server-timing": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}}}'
    (tmp_path / "flags.json").write_text(on)
    app = answers.install(Flask("gateway"), Settings({"FLAGS_FILE": str(tmp_path / "flags.json")}))
    assert timing.HEADER in app.test_client().get("/").headers
