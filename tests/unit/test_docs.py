"""The documentation says what the code does: generated parts, links, paths, targets, command lines, error texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from typer.core import TyperCommand, TyperGroup

from labctl.catalogue.documentation import with_region
from labctl.cli import reference
from labctl.cli.cli import program
from labctl.model.points import difficulty, factor, points
from labctl.model.surroundings import HAZY, Surroundings
from labctl.model.verdict import EVIDENCE_POINTS, IMPACT_POINTS, ROOT_CAUSE_POINTS, WRONG_POINTS
from tests.support.catalogue import FAULTS
from tests.support.markdown import ROOT, Page, pages

PAGES = pages()
NAMES = [page.path.relative_to(ROOT).as_posix() for page in PAGES]
README = Page(ROOT / "README.md")

DEMO = "risk-cache-ttl-cut"
"""The one fault that the README names, and says that it does."""

WORKED = Surroundings(HAZY, near=2)
"""What lay around the incident of the worked example."""

UNIT_SUFFIXES = r"(_seconds)?(_total)?$"
"""What telemetry adds to a metric's name for Prometheus."""

every_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)


def test_derived_parts_are_up_to_date() -> None:
    wanted = reference.pages(ROOT, program(), FAULTS)
    stale = [path.name for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    assert not stale, "run `make docs`"


def test_the_two_commands_are_on_the_first_screen() -> None:
    head = "\n".join(README.text.splitlines()[:25])
    assert "make up" in head
    assert "make test" in head


def test_the_readme_has_its_measured_parts() -> None:
    for name in ("transcript", "faults", "budgets"):
        assert len(with_region(README.text, name, "")) < len(README.text) - 100, f"{name} is empty"


def test_every_fault_has_its_row_and_its_section() -> None:
    spoilers = Page(ROOT / "docs" / "faults.md")
    for fault in FAULTS:
        assert f"| [`{fault.id}`](#{fault.id}) |" in spoilers.text
        assert fault.id in spoilers.headings()


def test_what_learners_read_names_no_fault_but_the_demos() -> None:
    """The README's list of faults would be a list of answers."""
    spoiled = {ROOT / "docs" / name for name in ("faults.md", "measured.md", "reference-incidents.md")}
    read = [page for page in PAGES if page.path.parent == ROOT / "docs" and page.path not in spoiled] + [README]
    named = {
        (page.path.name, fault.id) for page in read for fault in FAULTS if fault.id in page.text and fault.id != DEMO
    }
    assert not named
    assert README.text.count(DEMO) == 1


def test_the_worked_example_of_the_points_is_worked_by_the_code() -> None:
    page = Page(ROOT / "docs" / "architecture.md").text
    earned = ROOT_CAUSE_POINTS + IMPACT_POINTS / 2 + EVIDENCE_POINTS - WRONG_POINTS
    raised = difficulty(3, WORKED)
    assert f"| score | {earned:g} of 100 |" in page
    assert f"| times {factor(raised.total):g} for difficulty {raised.total:g}: " in page
    assert f"| {points(earned, raised.total):g} | |" in page
    assert f"which is {points(earned, 3):g} points" in page


@every_page
def test_links_lead_somewhere(page: Page) -> None:
    broken = [link for link in page.links() if not _leads_somewhere(page, link)]
    assert not broken


def _leads_somewhere(page: Page, link: str) -> bool:
    if link.startswith(("https://", "http://")):
        return True
    target, _, anchor = link.partition("#")
    path = (page.path.parent / target).resolve() if target else page.path
    return path.exists() and (not anchor or anchor in Page(path).anchors())


@every_page
def test_paths_that_are_mentioned_exist(page: Page) -> None:
    missing = [span for span in page.spans() if _names_a_path(span) and not _exists(span)]
    assert not missing


def _names_a_path(span: str) -> bool:
    top = span.partition("/")[0]
    return (
        bool(re.fullmatch(r"[\w.*<>-]+(/[\w.*<>-]*)+", span))
        and (ROOT / top).is_dir()
        and top not in (".venv", "build")
    )


def _exists(span: str) -> bool:
    return any(True for _ in ROOT.glob(re.sub(r"<[^>]+>", "*", span.rstrip("/"))))


@every_page
def test_make_targets_that_are_mentioned_exist(page: Page) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {words[0] for words in page.command_lines("make") if words and re.fullmatch(r"[\w-]+", words[0])}
    assert named <= targets


@every_page
def test_command_lines_that_are_shown_would_be_understood(page: Page) -> None:
    wrong = {" ".join(words): problem for words in page.command_lines("labctl") if (problem := _problem(words))}
    assert not wrong


def _problem(words: list[str]) -> str:
    command: object = program()
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    assert isinstance(command, TyperCommand | TyperGroup)
    return _unknown_option(command, words) or _too_many(command, words)


def _options(command: TyperCommand | TyperGroup) -> dict[str, bool]:
    """The names of the options, and whether each takes a value."""
    options = {"--help": False, "…": False}
    for param in command.params:
        takes_value = not getattr(param, "is_flag", False) and not getattr(param, "count", False)
        options |= dict.fromkeys((*param.opts, *param.secondary_opts), takes_value)
    return options


def _unknown_option(command: TyperCommand | TyperGroup, words: list[str]) -> str:
    options = _options(command)
    unknown = [word for word in words if word.startswith("-") and word.partition("=")[0] not in options]
    return f"no option {unknown[0]}" if unknown else ""


def _too_many(command: TyperCommand | TyperGroup, words: list[str]) -> str:
    options, free, skip = _options(command), 0, False
    for word in words:
        free += not skip and not word.startswith("-") and word != "…"
        skip = not skip and options.get(word, False)
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    if any(param.nargs < 0 for param in arguments):
        return ""
    return f"{free} arguments" if free > sum(param.nargs for param in arguments) else ""


def test_errors_in_troubleshooting_are_errors_of_the_code() -> None:
    """A heading in backticks is a message; its fixed parts, between ellipses, stand in the code as they are."""
    known = _strings_of_labctl()
    headings = [h.strip("`") for h in Page(ROOT / "docs" / "troubleshooting.md").headings() if h.startswith("`")]
    fixed = {part.strip() for heading in headings for part in heading.split("…") if part.strip()}
    assert headings
    assert not {part for part in fixed if not any(part in text for text in known)}


@cache
def _strings_of_labctl() -> frozenset[str]:
    return frozenset(text for path in sorted(ROOT.glob("labctl/**/*.py")) for text in _strings(path.read_text("utf-8")))


def _strings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@every_page
def test_settings_that_are_mentioned_are_read_somewhere(page: Page) -> None:
    named = {span for span in page.spans() if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", span)} - {"FAULT_POOL"}
    assert not {name for name in named if not _is_read(name)}


def _is_read(setting: str) -> bool:
    tail = "_" + setting.partition("_")[2]  # <JOB>_EVERY_SECONDS
    return bool(re.search(rf"\b{setting}\b|}}{tail}\b", _sources()))


def test_metrics_and_attributes_on_the_telemetry_page_are_in_the_code() -> None:
    page = Page(ROOT / "docs" / "telemetry.md")
    named = {span for span in page.spans() if re.fullmatch(r"[a-z]+([._][a-z]+)+", span)}
    known = set(re.findall(r"[a-z]+(?:[._][a-z]+)+", _sources()))
    spelled = known | {name.replace(".", "_") for name in known}
    assert not {name for name in named if name not in spelled and re.sub(UNIT_SUFFIXES, "", name) not in spelled}


@cache
def _sources() -> str:
    """All of the code and configuration, without the documentation and its tests."""
    kinds = ("py", "yml", "sh", "env", "sql", "toml")
    tops = ("labctl", "faults", "services", "loadgen", "compose", "grafana", "scripts")
    found = (path for top in tops for kind in kinds for path in sorted((ROOT / top).rglob(f"*.{kind}")))
    return "\n".join(path.read_text("utf-8") for path in found)
