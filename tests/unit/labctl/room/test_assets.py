"""The files in the package are what the sources and the lock build, and small."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from labctl.room.assets import FOLDER

SOURCES = Path(__file__).resolve().parents[4] / "room"
MOST_BYTES = 120_000
"""Of JavaScript, compressed, before an editor opens."""
MOST_WITH_EDITORS = 260_000


def test_they_are_what_the_lock_builds(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not here: what is in the package can't be built anew")
    if not (SOURCES / "node_modules" / "esbuild").is_dir():
        pytest.skip("the locked packages of the front end are not here: make room")
    subprocess.run(["node", str(SOURCES / "build.mjs"), str(tmp_path / "built")], check=True, timeout=120)
    built = {path.name: path.read_bytes() for path in (tmp_path / "built").iterdir()}
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == built, "run `make room`"


def test_what_is_installed_is_what_the_lock_says() -> None:
    """Else the test above would compare with what other versions build."""
    if not (SOURCES / "node_modules").is_dir():
        pytest.skip("the locked packages of the front end are not here: make room")
    locked = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    for name in ("htmx.org", "uplot", "esbuild", "@codemirror/view", "@prometheus-io/codemirror-promql"):
        installed = json.loads((SOURCES / "node_modules" / name / "package.json").read_text())
        assert installed["version"] == locked[f"node_modules/{name}"]["version"]


def test_the_lock_pins_everything_and_names_no_registry() -> None:
    text = (SOURCES / "package-lock.json").read_text()
    assert '"resolved"' not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in each for name, each in packages.items() if name)
    asked = json.loads((SOURCES / "package.json").read_text())
    versions = [*asked["dependencies"].values(), *asked["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def loaded(*names: str, seen: frozenset[str] = frozenset(), lazily: bool = False) -> set[str]:
    """Return what a browser loads with some files: what they import; with `lazily`, what they may import later, too."""
    found = set(seen)
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = (FOLDER / name).read_text()
            own = re.findall(r'(?:from|import)\s*"\./([\w-]+\.js)"', text)
            later = re.findall(r'import\(\s*"\./([\w-]+\.js)"', text)
            waiting += [*own, *(each for each in later if lazily)]
    return found


def weight(names: set[str]) -> int:
    return sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in names)


def test_scripts_are_small() -> None:
    before = loaded("room.js", *(path.name for path in FOLDER.glob("plot-*.js")))
    editors = {path.name for path in FOLDER.glob("editor*.js")}
    assert len(editors) == 3
    assert not editors & before
    everything = {path.name for path in FOLDER.glob("*.js")}
    assert loaded("room.js", lazily=True) == everything
    # What only an editor needs comes with an editor; all else counts, loaded at once or not.
    assert 0 < weight(everything - (loaded(*editors) - before)) < MOST_BYTES
    assert weight(everything) < MOST_WITH_EDITORS


def test_they_ask_nobody_else() -> None:
    for path in FOLDER.glob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", path.read_text())


def test_the_licences_of_what_is_in_them_are_beside_them() -> None:
    text = (FOLDER / "LICENSES.txt").read_text()
    names = [*json.loads((SOURCES / "package.json").read_text())["dependencies"], "@lezer/lr", "style-mod", "lru-cache"]
    for name in names:
        assert re.search(rf"^{re.escape(name)} \d[\d.]* \(", text, re.MULTILINE)
