from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.main import get_command

from labctl.base.errors import LabctlError
from labctl.catalogue import documentation
from labctl.cli import reference
from labctl.model.fault import Fault, Link, NearMiss, RootCause
from labctl.model.probe import Probe, at_least, stays
from labctl.model.vocabulary import Category, Component, Impact, Mechanism, Trigger

MOVES = Probe("errors", "sum(rate(errors[10s]))", at_least(0.01), "ratio")
RESTS = Probe("cpu", "sum(rate(cpu[10s]))", stays(0.5, 2))
CAUSE = RootCause(Component.RISK, Trigger.CODE_RELEASE, Mechanism.DEADLOCK)
GUESS = RootCause(Component.RISK, Trigger.NOTHING, Mechanism.DEADLOCK)


def nothing(lab: object) -> None:
    """Stand for an inject or a heal."""


def a_fault(claim: str = "it fails", accepted: tuple[RootCause, ...] = ()) -> Fault:
    return Fault(
        id="some-fault",
        title="Checkouts fail",
        story="\nWhat really happens.\n",
        category=Category.CODE,
        difficulty=2,
        root_cause=CAUSE,
        impact=frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}),
        chain=(Link(Component.RISK, "it locks", RESTS), Link(Component.GATEWAY, claim, MOVES)),
        must_move=(MOVES,),
        must_not_move=(RESTS,),
        symptom=MOVES,
        blast_radius=frozenset({Component.RISK, Component.GATEWAY}),
        near_misses=(NearMiss(GUESS, "something\n  changed"),),
        inject=nothing,
        accepted=accepted,
    )


def an_app() -> typer.Typer:
    app = typer.Typer(help="Top.", no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

    @app.command()
    def up(rps: Annotated[float, typer.Option("--rps", help="Requests per second.")] = 20.0) -> None:
        """Start a lab."""

    @app.command(hidden=True)
    def secret() -> None:
        """Stay out of the page."""

    nested = typer.Typer(help="Nested.")
    nested.command("run")(an_inner_command())
    app.add_typer(nested, name="bench")
    return app


def an_inner_command() -> Callable[[int], None]:
    def run(count: int) -> None:
        """Run it COUNT times, which takes a description that is long enough to be wrapped at any width near 100."""

    return run


def test_every_visible_command_has_its_help_nested_ones_too() -> None:
    texts = dict(reference.help_texts(get_command(an_app())))
    assert list(texts) == ["labctl", "labctl up", "labctl bench", "labctl bench run"]
    assert "Start a lab." in texts["labctl up"]
    assert "Requests per second." in texts["labctl up"]


def test_settings_of_the_app_hold_for_every_command() -> None:
    assert all("-h, --help" in text for _, text in reference.help_texts(get_command(an_app())))


def test_hidden_commands_stay_out() -> None:
    assert "secret" not in reference.commands_page(get_command(an_app()))


@pytest.mark.parametrize(("columns", "colour"), [("40", "1"), ("250", "0")])
def test_the_page_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: str, colour: str) -> None:
    before = reference.commands_page(get_command(an_app()))
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", colour)
    assert reference.commands_page(get_command(an_app())) == before
    assert "\x1b" not in before
    assert max(map(len, before.splitlines())) <= reference.WIDTH


def test_the_readmes_table_counts_and_names_none() -> None:
    table = documentation.counts_table([a_fault()])
    assert "| `code` | 1 |  | 1 |  |  |  |" in table
    assert "some-fault" not in table


def test_the_list_tells_no_root_cause() -> None:
    table = documentation.list_table([a_fault()])
    assert "| [`some-fault`](#some-fault) | code | 2 | code | 5 |" in table
    assert not {str(word) for word in (CAUSE.mechanism, CAUSE.trigger)} & set(table.split())
    assert "What really happens" not in table
    assert "Checkouts fail" not in table


def test_a_pipe_in_a_claim_does_not_break_the_table() -> None:
    assert r"it fails \| errors" in documentation.fault_sections([a_fault(claim="it fails | errors")])


def test_the_answers_hold_cause_chain_signature_and_near_misses() -> None:
    text = documentation.fault_sections([a_fault(accepted=(GUESS,))])
    assert "- root cause: `risk` / `code-release` / `deadlock`" in text
    assert "- also accepted: `risk` / `nothing` / `deadlock`" in text
    assert "- impact: `checkouts-are-slow`, `some-checkouts-fail`" in text
    assert "| 2 | gateway | it fails | errors | >= 0.01 ratio |" in text
    assert "| cpu | 0.5 to 2 x baseline |" in text
    assert "- `risk` / `nothing` / `deadlock`: something changed" in text


def test_a_region_is_replaced_whatever_it_holds() -> None:
    page = "a\n<!-- x -->\nold \\1\n<!-- /x -->\nb\n"
    assert documentation.with_region(page, "x", r"new \1") == "a\n<!-- x -->\nnew \\1\n<!-- /x -->\nb\n"


@pytest.mark.parametrize("page", ["no region", "<!-- x --><!-- /x --> <!-- x --><!-- /x -->"])
def test_a_page_without_exactly_one_region_is_refused(page: str) -> None:
    with pytest.raises(LabctlError, match="regions named 'x'"):
        documentation.with_region(page, "x", "body")


def test_pages_are_told_not_written(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for page in (tmp_path / "README.md", tmp_path / "docs" / "faults.md"):
        page.write_text(
            "<!-- list --><!-- /list --><!-- faults --><!-- /faults --><!-- mitigations --><!-- /mitigations -->",
            "utf-8",
        )
    (tmp_path / "docs" / "mitigation.md").write_text(
        "<!-- steps --><!-- /steps --><!-- memory --><!-- /memory -->", "utf-8"
    )
    told = reference.pages(tmp_path, get_command(an_app()), [a_fault()])
    assert {path.relative_to(tmp_path).as_posix() for path in told if path.suffix != ".json"} == {
        "README.md",
        "docs/faults.md",
        "docs/commands.md",
        "docs/json.md",
        "docs/measured.md",
        "docs/mitigation.md",
    }
    assert "Must not move" in told[tmp_path / "docs" / "faults.md"]
    assert "Must not move" not in told[tmp_path / "README.md"]
    assert not (tmp_path / "docs" / "commands.md").exists()
