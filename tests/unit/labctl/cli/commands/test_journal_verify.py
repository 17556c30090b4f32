import json

import pytest
import typer

from labctl.base.errors import NotFoundError
from labctl.cli.commands.journal_verify import verify
from labctl.operate import archive
from labctl.play import incidents
from tests.support.world import World

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    incidents.start(world.lab, world.fault())


def test_a_whole_one(world: World, capsys: Said) -> None:
    verify()
    said = capsys.readouterr().out
    assert "The journal is whole" in said
    assert world.lab.store.journal.entries()[-1].hash in said


def test_the_newest_archive_of_a_lab_that_is_gone(world: World, capsys: Said) -> None:
    archive.keep(world.lab)
    verify(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["archived"], document["sound"], document["doubts"]) == (True, True, [])


@pytest.mark.parametrize("payload", ['{"incident":"INC-0001"}', "no json"])
def test_a_changed_entry_is_found(world: World, capsys: Said, payload: str) -> None:
    with world.lab.store.database.writing() as connection:
        connection.execute("UPDATE journal SET payload = ? WHERE number = 1", (payload,))
    with pytest.raises(typer.Exit) as ended:
        verify()
    assert ended.value.exit_code == 1
    assert "NOT TO BE TRUSTED: entry 1 of the journal was changed or removed" in capsys.readouterr().out


@pytest.mark.parametrize("body", ["c2VhbGVk", "?"])
def test_an_incident_that_was_changed_is_found(world: World, capsys: Said, body: str) -> None:
    with world.lab.store.database.writing() as connection:
        connection.execute("UPDATE documents SET body = ? WHERE kind = 'incident'", (body,))
    with pytest.raises(typer.Exit):
        verify(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["sound"] is False
    assert "the incident INC-0001 was changed" in document["doubts"][0]


def test_a_lab_that_never_was() -> None:
    with pytest.raises(NotFoundError):
        verify("nowhere")
