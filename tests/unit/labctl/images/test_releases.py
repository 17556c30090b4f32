from __future__ import annotations

import compileall
import py_compile
import re
from datetime import date
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import CatalogueError, HostError, NotFoundError
from labctl.images import releases, workshop
from labctl.images.patches import diff
from labctl.model.deployed import Deployed

MESSAGE = "Say which rule decided\n\nSupport asks for it every week."
PATCH = f"""\
Author: a.novak
Date: 2026-03-04

{MESSAGE}

--- a/services/risk/app.py
+++ b/services/risk/app.py
@@ -1,2 +1,2 @@
 def decide() -> str:
-    return "approve"
+    return "approve: rule 1"
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "bundle"
    tree = {
        "services/__init__.py": "",
        "services/common/__init__.py": "",
        "services/common/__pycache__/x.pyc": "",
        "services/risk/VERSION": "1.9.2\n",
        "services/risk/app.py": 'def decide() -> str:\n    return "approve"\n',
        "services/gateway/VERSION": "3.8.0\n",
        "services/releases/risk/1.10.0.patch": PATCH,
        "services/releases/risk/1.9.10.patch": PATCH,
        "loadgen/VERSION": "1.0.0\n",
    }
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    monkeypatch.setattr(releases, "bundle_root", lambda: root)
    monkeypatch.setenv(paths.STATE_DIR_VARIABLE, str(tmp_path / "state"))
    return root


def rewrite(bundle: Path, text: str) -> None:
    (bundle / "services/releases/risk/1.10.0.patch").write_text(text)


@pytest.mark.usefixtures("bundle")
def test_services_are_those_with_a_version_and_the_clients() -> None:
    assert releases.services() == ["clients", "gateway", "risk"]


@pytest.mark.usefixtures("bundle")
def test_versions_count_as_numbers_after_the_tree_s_own() -> None:
    assert releases.versions("risk") == ["1.9.2", "1.9.10", "1.10.0"]
    assert releases.versions("clients") == ["1.0.0"]


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize(("service", "version", "near"), [("rsik", "1.9.2", "risk"), ("risk", "1.9.1", "1.9.10")])
def test_an_unknown_name_gets_the_nearest(service: str, version: str, near: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        releases.files(service, version)

    assert caught.value.near == near


@pytest.mark.usefixtures("bundle")
def test_a_release_says_who_when_and_why() -> None:
    told = releases.release("risk", "1.10.0")

    assert told == releases.Release("risk", "1.10.0", "a.novak", date(2026, 3, 4), MESSAGE)
    assert releases.release("risk", "1.9.2") is None


@pytest.mark.usefixtures("bundle")
def test_the_difference_is_that_of_the_sources_the_version_included() -> None:
    text = releases.diff("risk", "1.9.2", "1.10.0")

    assert text.startswith("--- a/services/risk/VERSION\n+++ b/services/risk/VERSION\n@@ -1 +1 @@\n-1.9.2\n+1.10.0\n")
    assert '-    return "approve"\n+    return "approve: rule 1"\n' in text
    assert releases.diff("risk", "1.10.0", "1.10.0") == ""


@pytest.mark.usefixtures("bundle")
def test_the_way_back_is_the_difference_turned_round() -> None:
    assert '-    return "approve: rule 1"\n+    return "approve"\n' in releases.diff("risk", "1.10.0", "1.9.2")


@pytest.mark.usefixtures("bundle")
def test_what_is_written_for_an_image_is_what_it_needs_and_no_more(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    releases.write_sources(releases.files("risk", "1.10.0"), tree)

    found = {path.relative_to(tree).as_posix(): path.read_text() for path in tree.rglob("*") if path.is_file()}
    assert set(found) == {
        "services/__init__.py",
        "services/common/__init__.py",
        "services/risk/VERSION",
        "services/risk/app.py",
    }
    assert found["services/risk/VERSION"] == "1.10.0\n"
    assert "rule 1" in found["services/risk/app.py"]


@pytest.mark.usefixtures("bundle")
def test_the_clients_sources_lie_where_their_image_takes_them_from(tmp_path: Path) -> None:
    releases.write_sources(releases.files("clients", "1.0.0"), tmp_path)
    assert (tmp_path / "loadgen/VERSION").read_text() == "1.0.0\n"


def test_a_full_disk_is_told_and_leaves_nothing_half_made(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(HostError, match="No space left"), workshop.folder() as folder:
        releases.write_sources(releases.files("risk", "1.10.0"), folder)

    assert [each for each in (bundle.parent / "state/builds").iterdir() if each.is_dir()] == []


def stack(*releases_and_versions: str) -> tuple[Deployed, ...]:
    return tuple(Deployed(*each.split("=")) for each in releases_and_versions)


@pytest.fixture
def two(bundle: Path) -> Path:
    """Two releases of risk that touch different lines of one file, and one that touches the same line as the first."""
    folder = bundle / "services/releases/risk"
    (bundle / "services/risk/app.py").write_text(BASE)
    for path in folder.iterdir():
        path.unlink()
    (folder / "1.10.0.patch").write_text(patch_of(BASE.replace('"approve"', '"approve: rule 1"')))
    (folder / "1.9.3.patch").write_text(patch_of(BASE.replace("LIMIT = 10", "# What support asked for.\nLIMIT = 12")))
    (folder / "1.9.4.patch").write_text(patch_of(BASE.replace('"approve"', '"accept"')))
    return bundle


BASE = (
    "LIMIT = 10\n\n\n"
    + "".join(f"STEP_{n} = {n}\n" for n in range(8))
    + '\n\ndef decide() -> str:\n    return "approve"\n'
)


def patch_of(text: str) -> str:
    return f"Author: a.novak\nDate: 2026-03-04\n\n{MESSAGE}\n\n" + diff(
        {"services/risk/app.py": BASE}, {"services/risk/app.py": text}
    )


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("order", [("1.9.3=1.9.3", "1.10.0=1.9.4"), ("1.10.0=1.10.0", "1.9.3=1.10.1")])
def test_releases_can_be_stacked_in_either_order(order: tuple[str, str]) -> None:
    both = releases.stacked("risk", stack(*order))

    assert "LIMIT = 12" in both["services/risk/app.py"]
    assert "rule 1" in both["services/risk/app.py"]
    assert both["services/risk/VERSION"] == order[1].partition("=")[2] + "\n"


@pytest.mark.usefixtures("two")
def test_the_difference_of_one_more_release_is_its_own_change() -> None:
    text = releases.stacked_diff("risk", stack("1.9.3=1.9.3"), stack("1.9.3=1.9.3", "1.10.0=1.9.4"))

    changed = [line for line in text.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert changed == ["-1.9.3", "+1.9.4", '-    return "approve"', '+    return "approve: rule 1"']


@pytest.mark.usefixtures("two")
def test_what_does_not_fit_upon_the_others_says_which_patch_and_where() -> None:
    with pytest.raises(CatalogueError, match=r"1\.9\.4\.patch: services/risk/app\.py is not as the patch expects it"):
        releases.stacked("risk", stack("1.10.0=1.10.0", "1.9.4=1.10.1"))


@pytest.mark.usefixtures("two")
def test_only_releases_can_be_stacked() -> None:
    with pytest.raises(CatalogueError, match=r"risk 1\.9\.2 is no release"):
        releases.stacked("risk", stack("1.9.2=1.9.3"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PATCH.replace("Author: a.novak\n", ""), "does not begin as a release"),
        (PATCH.replace("2026-03-04", "today"), "does not begin as a release"),
        (PATCH.replace(MESSAGE, ""), "does not begin as a release"),
    ],
)
def test_a_release_without_its_words_is_an_error(bundle: Path, text: str, message: str) -> None:
    rewrite(bundle, text)

    with pytest.raises(CatalogueError, match=message):
        releases.release("risk", "1.10.0")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PATCH.replace("services/risk/app.py", "services/common/__init__.py"), "touches services/common"),
        (PATCH.replace("services/risk/app.py", "services/risk/VERSION"), "touches services/risk/VERSION"),
        (PATCH.replace('    return "approve"\n', '    return "decline"\n'), "not as the patch expects"),
    ],
)
def test_a_patch_beyond_its_service_or_beside_its_source_is_an_error(bundle: Path, text: str, message: str) -> None:
    rewrite(bundle, text)

    with pytest.raises(CatalogueError, match=message):
        releases.files("risk", "1.10.0")


def test_a_patch_of_a_day_that_is_none(bundle: Path) -> None:
    rewrite(bundle, PATCH.replace("2026-03-04", "2026-13-45"))
    with pytest.raises(CatalogueError, match="no valid date"):
        releases.release("risk", "1.10.0")


def test_a_patch_that_is_no_text(bundle: Path) -> None:
    (bundle / "services" / "releases" / "risk" / "1.10.0.patch").write_bytes(b"Author: a.nov\xe1k\n")
    with pytest.raises(CatalogueError, match="cannot be read"):
        releases.files("risk", "1.10.0")


SHIPPED = [(service, version) for service in releases.services() for version in releases.versions(service)[1:]]


@pytest.mark.parametrize(("service", "version"), SHIPPED)
def test_every_shipped_release_applies_compiles_and_says_why(service: str, version: str, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    releases.write_sources(releases.files(service, version), tree)

    assert compileall.compile_dir(
        tree, quiet=2, legacy=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    told = releases.release(service, version)
    assert told is not None
    own = releases.files(service, releases.versions(service)[0])
    assert releases.diff(service, releases.versions(service)[0], version) == diff(own, releases.files(service, version))
