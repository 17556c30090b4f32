from __future__ import annotations

import compileall
import py_compile
from datetime import date
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import CatalogueError, HostError, NotFoundError
from labctl.images import releases
from labctl.images.patches import diff

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
def test_a_source_tree_holds_what_an_image_needs_and_no_more() -> None:
    tree = releases.source_tree("risk", "1.10.0")

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
def test_the_clients_tree_lies_where_their_image_takes_it_from() -> None:
    assert (releases.source_tree("clients", "1.0.0") / "loadgen/VERSION").read_text() == "1.0.0\n"


def test_a_source_tree_is_made_once_for_every_content(bundle: Path) -> None:
    first = releases.source_tree("risk", "1.10.0")
    assert releases.source_tree("risk", "1.10.0") == first

    (bundle / "services/common/__init__.py").write_text("# changed\n")

    assert releases.source_tree("risk", "1.10.0") != first


def test_a_full_disk_is_told_and_leaves_nothing_half_made(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(HostError, match="No space left"):
        releases.source_tree("risk", "1.10.0")

    assert list((bundle.parent / "state/releases").iterdir()) == []


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
def test_every_shipped_release_applies_compiles_and_says_why(
    service: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.STATE_DIR_VARIABLE, str(tmp_path))

    tree = releases.source_tree(service, version)

    assert compileall.compile_dir(
        tree, quiet=2, legacy=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
    )
    told = releases.release(service, version)
    assert told is not None
    own = releases.files(service, releases.versions(service)[0])
    assert releases.diff(service, releases.versions(service)[0], version) == diff(own, releases.files(service, version))
