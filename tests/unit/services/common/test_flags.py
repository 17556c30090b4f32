from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openfeature import api

from labctl.base import paths
from services.common import flags
from services.common.settings import Settings

SHIPPED = paths.bundle_root() / "compose" / "config" / "flags.json"


def flag(default: str = "on", **more: object) -> dict[str, Any]:
    return {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": default, **more}


def write(path: Path, **described: object) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"flags": described}))
    fresh.replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flags.json"


def test_a_flag_is_what_the_file_says_now(path: Path) -> None:
    write(path, close_look=flag("on"))
    client = flags.connect(Settings({"FLAGS_FILE": str(path)}))
    assert client.get_boolean_value("close_look", False) is True
    write(path, close_look=flag("off"))
    assert client.get_boolean_value("close_look", True) is False
    api.shutdown()


def test_flags_have_values_of_every_kind(path: Path) -> None:
    values = {"text": "eu", "whole": 3, "share": 0.25, "list": [1, 2]}
    write(path, **{name: flag("is", variants={"is": value}) for name, value in values.items()})
    file = flags.FlagFile(path)
    assert file.resolve_string_details("text", "").value == "eu"
    assert file.resolve_integer_details("whole", 0).value == 3
    assert file.resolve_float_details("share", 0.0).value == 0.25
    assert file.resolve_object_details("list", {}).value == [1, 2]
    assert file.get_metadata().name == "flag-file"


@pytest.mark.parametrize("described", [{}, {"close_look": flag("off", state="DISABLED")}])
def test_what_is_not_there_or_disabled_is_up_to_who_asks(path: Path, described: dict[str, object]) -> None:
    write(path, **described)
    client = flags.connect(Settings({"FLAGS_FILE": str(path)}))
    assert client.get_boolean_value("close_look", True) is True
    assert client.get_boolean_value("close_look", False) is False
    api.shutdown()


@pytest.mark.parametrize(
    "broken",
    [
        {"close_look": flag("maybe")},
        {"close_look": flag("off", targeting={"if": [True, "on", "off"]})},
        {"close_look": flag("off", state="on")},
        {"close_look": {"state": "ENABLED"}},
    ],
)
def test_a_file_that_is_not_understood_changes_nothing(
    path: Path, broken: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    write(path, close_look=flag("off"))
    file = flags.FlagFile(path)
    assert file.resolve_boolean_details("close_look", True).value is False
    write(path, **broken)
    assert file.resolve_boolean_details("close_look", True).value is False
    assert len(caplog.records) == 1


def test_the_services_ask_for_the_flags_that_are_shipped_and_expect_their_values() -> None:
    provider = flags.parse(SHIPPED.read_text())
    described = json.loads(SHIPPED.read_text())["flags"]
    assert len(described) == 8
    for name, each in described.items():
        source = (paths.bundle_root() / "services" / each["metadata"]["owner"] / "wiring.py").read_text()
        shipped = provider.resolve_boolean_details(name, False).value
        assert provider.resolve_boolean_details(name, True).value is shipped, "the file says it"
        assert f'"{name}", {shipped})' in source
