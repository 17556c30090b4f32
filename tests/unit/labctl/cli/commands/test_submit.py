import io
import itertools
import json
import multiprocessing
import sys

import pytest
import typer

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.cli.commands.debrief import debrief
from labctl.cli.commands.submit import submit
from labctl.model.verdict import Finding
from labctl.play import incidents
from labctl.state.locking import locked
from tests.support.world import World

RIGHT = {
    "component": "risk",
    "trigger": "configuration-change",
    "mechanism": "connection-pool-too-small",
    "impact": ["some-checkouts-fail"],
}
WRONG_WORDS = [
    {"component": "payments"},
    {"trigger": "code-release"},
    {"mechanism": "connection-leak"},
    {"component": "postgres", "trigger": "nothing", "mechanism": "deadlock"},
]
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def told(capsys: Said, **answer: object) -> tuple[str, dict[str, object]]:
    """Submit, as text and again as JSON to a fresh incident's worth of attempts."""
    submit(**answer, as_json=True)  # type: ignore[arg-type]
    said = capsys.readouterr().out
    return said, json.loads(said)


def test_right(capsys: Said) -> None:
    submit(**RIGHT)  # type: ignore[arg-type]
    assert capsys.readouterr().out.startswith("That is the root cause. The clock stands at ")


def test_right_as_json(capsys: Said) -> None:
    _, document = told(capsys, **RIGHT)
    assert (document["verdict"], document["status"]) == ("right", "solved")


@pytest.mark.parametrize("words", WRONG_WORDS)
def test_wrong_says_only_that_it_is_wrong(words: dict[str, str], capsys: Said, world: World) -> None:
    submit(**{**RIGHT, **words})  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert said.startswith("That is not the root cause. It costs 10 points, and 5m 00s were added to the clock (")
    assert "4 wrong submissions are left." in said
    assert not any(word in said for word in (*words, *words.values(), "component", "mechanism"))


def test_wrong_answers_differ_in_nothing(capsys: Said, world: World) -> None:
    documents = []
    for words in WRONG_WORDS:
        _, document = told(capsys, **{**RIGHT, **words})
        documents.append({key: value for key, value in document.items() if key != "clock_s"})
    for before, after in itertools.pairwise(documents):
        assert after == {
            **before,
            "attempts_left": before["attempts_left"] - 1,  # type: ignore[operator]
            "penalty_s": before["penalty_s"] + 300,  # type: ignore[operator]
        }


def test_the_impact_does_not_show_in_the_verdict(capsys: Said) -> None:
    _, document = told(capsys, **{**RIGHT, "impact": ["refunds-fail"]})
    assert document["verdict"] == "right"
    assert "score" not in document


def test_the_last_wrong_one_locks(capsys: Said) -> None:
    for _ in range(5):
        submit(**{**RIGHT, **WRONG_WORDS[0]})  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert "1 wrong submission is left." in said
    assert "the incident is locked" in said
    with pytest.raises(LabStateError, match="is over"):
        submit(**RIGHT)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["component", "trigger", "mechanism"])
def test_an_unknown_word_costs_nothing(part: str, world: World) -> None:
    with pytest.raises(NotFoundError, match=f"no {part} named 'rikcode'"):
        submit(**{**RIGHT, part: "rikcode"})  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


def test_bad_evidence_costs_nothing(world: World) -> None:
    with pytest.raises(InputError, match="is not evidence"):
        submit(**RIGHT, evidence=["a screenshot"])  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


@pytest.mark.parametrize(
    "piece", ["vector(time() > bool 1)", "timestamp(vector(1)) > bool 1", "sum(ALERTS)", "queue > bool 3"]
)
def test_evidence_that_a_clock_could_make_costs_nothing(piece: str, world: World) -> None:
    with pytest.raises(InputError, match="can't be evidence"):
        submit(**RIGHT, evidence=[f"promql:{piece}"])  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


def test_evidence_is_kept_with_the_answer(world: World) -> None:
    submit(**RIGHT, evidence=["promql:queue"])  # type: ignore[arg-type]
    latest = incidents.latest(world.lab)
    assert latest is not None
    assert (latest.attempts[0].evidence, latest.attempts[0].findings) == (("promql:queue",), (Finding.COUNTS,))


def test_the_reasoning_is_kept_for_the_debrief(world: World, capsys: Said) -> None:
    submit(**RIGHT, because=" the queue grew first ")  # type: ignore[arg-type]
    capsys.readouterr()
    debrief(as_json=True)
    assert json.loads(capsys.readouterr().out)["submissions"][0]["because"] == "the queue grew first"


@pytest.mark.parametrize(("range_", "holds"), [("1%-6%", True), ("20%-30%", False), ("300ms-1s", None)])
def test_how_much_is_compared_in_the_debrief_and_not_graded(
    range_: str, holds: bool | None, world: World, capsys: Said
) -> None:
    world.clock.sleep(30)
    submit(**RIGHT, how_much=range_)  # type: ignore[arg-type]
    capsys.readouterr()
    debrief(as_json=True)
    document = json.loads(capsys.readouterr().out)
    last = document["submissions"][0]
    assert (last["how_much"], last["how_much_holds"], document["score"]["lost"]) == (range_, holds, 0)
    debrief()
    assert f"How much: you said {range_}, measured was clients: errors: 5%" in capsys.readouterr().out


def test_what_is_no_range_costs_nothing(world: World) -> None:
    with pytest.raises(InputError, match="--how-much: 'a few' is no range"):
        submit(**RIGHT, how_much="a few")  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


def test_missing_words_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(InputError, match="missing: --trigger, --impact"):
        submit(component="risk", mechanism="deadlock")


def test_at_a_terminal_missing_words_are_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: Said, world: World) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    typed = ["2", "some-checkouts-fail", "sum(queue)", "promql:sum(ALERTS)", "promql:nothing", "promql:queue", ""]
    monkeypatch.setattr(typer, "prompt", lambda *_args, **_options: typed.pop(0))
    monkeypatch.setattr(typer, "confirm", lambda question, **_: "costs 10 points and 5m 00s" in question)
    submit(component="risk", mechanism="connection-pool-too-small")
    said = capsys.readouterr()
    assert "credential-or-certificate-expiry" in said.err
    for refused in ("is not evidence", "can't be evidence", "matches nothing"):
        assert refused in said.err
    assert "That is the root cause" in said.out
    latest = incidents.latest(world.lab)
    assert latest is not None
    assert [each.evidence for each in latest.attempts] == [("promql:queue",)]


def test_at_a_terminal_nothing_is_judged_unless_it_is_confirmed(
    monkeypatch: pytest.MonkeyPatch, capsys: Said, world: World
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda question, **_: "" if question == "evidence" else "2")
    monkeypatch.setattr(typer, "confirm", lambda *_args, **_options: False)
    submit(component="risk", mechanism="connection-pool-too-small")
    said = capsys.readouterr()
    assert "evidence: none: 15 points less" in said.err
    assert "nothing was submitted" in said.err
    assert said.out == ""
    assert incidents.require_open(world.lab).attempts == ()


def test_another_command_that_holds_the_lab_is_waited_for_by_nobody(world: World) -> None:
    with locked("lab", "heal"), pytest.raises(LabStateError, match="in use by 'labctl heal'"):
        submit(**RIGHT)  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


def _try(results: "multiprocessing.Queue[str]") -> None:
    try:
        submit(**{**RIGHT, **WRONG_WORDS[0]})  # type: ignore[arg-type]
        results.put("counted")
    except LabStateError:
        results.put("refused")


def test_racing_submissions_count_exactly_once_each(world: World) -> None:
    """Two dozen processes submit at once: what was told to have counted is what counted, and never more than five."""
    fork = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[str] = fork.Queue()
    racers = [fork.Process(target=_try, args=(results,)) for _ in range(24)]
    for racer in racers:
        racer.start()
    told_ = [results.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join(timeout=60)
    latest = incidents.latest(world.lab)
    assert latest is not None
    assert told_.count("counted") == len(latest.attempts)
    assert 1 <= len(latest.attempts) <= 5
