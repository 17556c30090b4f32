from __future__ import annotations

import pytest

from labctl.base.errors import EXIT_USAGE, InputError
from labctl.cli.cli import program


def refused(*args: str) -> InputError:
    with pytest.raises(InputError) as caught:
        program()(args, standalone_mode=True)
    return caught.value


def test_a_wrong_option_is_told_the_ones_that_look_like_it() -> None:
    error = refused("logs", "--servce", "risk")
    assert (error.what, error.exit_code) == ("no such option: --servce", EXIT_USAGE)
    assert "--service" in error.expected
    assert "logs --help` says what it takes" in error.todo


def test_a_wrong_command_is_told_the_nearest() -> None:
    error = refused("topolgy")
    assert error.what == "no such command 'topolgy'"
    assert error.expected == "did you mean 'topology'?"


def test_a_value_out_of_range_names_its_option() -> None:
    error = refused("logs", "--limit", "0")
    assert "'--limit'" in error.what
    assert not error.what.endswith(".")


def test_the_program_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        program()([])
    assert caught.value.code == EXIT_USAGE
    assert "COMMAND" in capsys.readouterr().out
