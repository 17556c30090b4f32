"""Several commands in one process say what each says by itself."""

from tests.support import command_line, one_process

COMMANDS = (("vocabulary", "--json"), ("status", "--name", "nobody"), ("--version",), ("logs", "--since", "often"))


def test_they_say_what_each_says_by_itself() -> None:
    alone = [command_line.run(*words) for words in COMMANDS]
    together = one_process.run(*COMMANDS)
    assert [each.code for each in together] == [each.returncode for each in alone] == [0, 1, 0, 2]
    assert [each.text for each in together] == [each.stdout + each.stderr for each in alone]
