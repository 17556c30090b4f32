"""The list of telling words finds what it is for, and lets through what was reviewed."""

from pathlib import Path

import pytest

from tests.support.telling import ids_in, words_in

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "inject_fault(risk)",
        "# leaks on purpose",
        "this release breaks declined payments",
        "chaos=1",
        "merchant whale-1",
        "a bug that nobody sees",
        "LABCTL_MODE=1",
        "poisoned record",
        "SELECT 1 -- labctl verify",
        "FAULT_POOL=1",
    ],
)
def test_what_tells_is_found(text: str) -> None:
    assert list(words_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "default timeout of the circuit breaker",
        "DEBUG logging",
        "labctl/risk:1.9.2",
        "labctl-lab_default",
        "BrokenPipeError: [Errno 32] Broken pipe",
        "        break\n",
        "the body broke off",
        "injury",
    ],
)
def test_what_was_reviewed_is_let_through(text: str) -> None:
    assert not list(words_in(text))


def test_a_kind_of_line_is_told_once() -> None:
    assert len(list(words_in("a bug in line 1\na bug in line 2\n"))) == 1


@pytest.mark.parametrize("text", ["risk-cache-ttl-cut", "RISK_CACHE_TTL_CUT", "x-risk-cache-ttl-cut-x"])
def test_an_id_is_found_in_either_form(text: str) -> None:
    assert list(ids_in(text, ["risk-cache-ttl-cut", "no-fault"])) == ["risk-cache-ttl-cut"]


@pytest.mark.parametrize("folder", ["services", "loadgen", "compose/postgres", "compose/redis", "compose/prometheus"])
def test_what_images_are_made_of_tells_nothing(folder: str) -> None:
    files = [each for each in (ROOT / folder).rglob("*") if each.is_file() and shipped(each)]
    assert files
    assert [(str(each), word) for each in files for word in words_in(each.read_text())] == []


def shipped(path: Path) -> bool:
    """Whether a file comes into an image; a release's patch is read where its fault is tested."""
    return path.suffix not in {".md", ".pyc"} and "releases" not in path.relative_to(ROOT).parts
