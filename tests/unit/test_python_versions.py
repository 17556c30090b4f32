"""The versions of Python that are supported are the same ones wherever they are named."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CLASSIFIER = "Programming Language :: Python :: 3."


@pytest.fixture
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture
def supported(pyproject: dict[str, Any]) -> list[str]:
    """The versions from the oldest to the newest, such as "3.11"."""
    classifiers = pyproject["project"]["classifiers"]
    return [each.rpartition(" ")[2] for each in classifiers if each.startswith(CLASSIFIER)]


def test_each_is_checked(supported: list[str]) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    assert workflow["jobs"]["check"]["strategy"]["matrix"]["python"] == supported


def test_the_oldest_is_what_the_tools_look_for(pyproject: dict[str, Any], supported: list[str]) -> None:
    oldest = supported[0]
    assert pyproject["project"]["requires-python"] == f">={oldest}"
    assert pyproject["tool"]["mypy"]["python_version"] == oldest
    assert pyproject["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"


def test_each_is_found_when_the_environment_is_made(supported: list[str]) -> None:
    tried = re.findall(r"python(3\.\d+)", (ROOT / "scripts/venv.sh").read_text("utf-8").partition("find_python")[2])
    assert tried[: len(supported)] == supported[::-1]


def test_the_readme_names_them(supported: list[str]) -> None:
    assert f"Python {', '.join(supported[:-1])} and {supported[-1]}" in (ROOT / "README.md").read_text("utf-8")
