import json

import pytest

from labctl.base.errors import InputError, NotFoundError
from labctl.cli.commands.debrief import debrief
from labctl.cli.commands.hypothesis import add, list_, rule_out, support
from labctl.play import incidents
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_what_was_supposed_and_what_became_of_it(world: World, capsys: Said) -> None:
    list_()
    assert "no hypotheses yet" in capsys.readouterr().err
    world.lab.store.journal.looked_up("sql", statement="SELECT 1")
    add("the database is slow")
    rule_out(1, evidence=["#1", "promql:queue"])
    said = capsys.readouterr().out
    assert "#1 sql SELECT 1; promql:queue" in said
    debrief(give_up=True)
    told = capsys.readouterr().out
    assert "What you supposed" in told
    assert "ruled-out" in told


def test_json(capsys: Said) -> None:
    add("a")
    capsys.readouterr()
    support(1, as_json=True)
    (supposed,) = json.loads(capsys.readouterr().out)["hypotheses"]
    assert (supposed["text"], supposed["state"], len(supposed["steps"])) == ("a", "supported", 1)


def test_unknown_numbers(world: World) -> None:
    with pytest.raises(NotFoundError, match="no hypothesis named '3'"):
        support(3)
    add("a")
    with pytest.raises(NotFoundError, match="no look-up named '#9'"):
        support(1, evidence=["#9"])
    with pytest.raises(InputError, match="is not evidence"):
        support(1, evidence=["a screenshot"])
