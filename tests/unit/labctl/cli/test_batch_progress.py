import io

import pytest
from rich.console import Console

from labctl.cli import console
from labctl.cli.batch_progress import watching
from tests.support.world import Clock

Said = pytest.CaptureFixture[str]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("labctl.cli.batch_progress.time.monotonic", clock.time)
    return clock


def test_plain_lines_where_there_is_no_terminal(capsys: Said, clock: Clock) -> None:
    with watching(3) as view:
        told = view.begin("fault-a")
        clock.sleep(2)
        told("injecting")
        told("too soon to be told")
        view.end("pass", ())
        view.begin("fault-b")
        view.end("fail", ("no page",))
        assert view.tally == "1 pass, 1 fail"
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "[1 of 3] fault-a … (so far: nothing yet)"
    assert lines[1].startswith("  injecting (2.")
    assert lines[2].startswith("[1 of 3] fault-a: pass (2.")
    assert lines[3] == "[2 of 3] fault-b … (so far: 1 pass)"
    assert lines[-1] == "  no page"
    assert "too soon" not in "".join(lines)


def test_a_terminal_keeps_what_came_out_and_shows_what_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(console, "_err", lambda: Console(file=screen, force_terminal=True, width=100))
    with watching(2) as view:
        told = view.begin("fault-[a]")
        told("injecting [now]")
        view.end("unknown", ("no data",))
    said = screen.getvalue()
    assert "fault-[a]: injecting [now]" in said
    assert "[1 of 2] fault-[a]: unknown" in said
    assert "0/2" in said


def test_an_answer_can_still_be_redirected(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr(console, "_err", lambda: Console(file=io.StringIO(), force_terminal=True))
    with watching(1) as view:
        view.begin("fault-a")
        console.show("an answer")
    assert capsys.readouterr().out == "an answer\n"
