"""A learner who types `labctl … --json`: in this process, so that a hundred look-ups take seconds."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from labctl.base.errors import LabStateError
from labctl.cli.cli import program

Json = dict[str, Any]


class Learner:
    """Who is on call in one lab."""

    def __init__(self, lab: str) -> None:
        self.lab = lab
        self._program = program()

    def ask(self, *words: str) -> Json:
        """Return the answer of `labctl WORDS --json`. Raises what the command raises, LabStateError without an answer.

        A text that begins with a dash, such as a query, has to come after "--".
        """
        said = StringIO()
        at = words.index("--") if "--" in words else len(words)
        with redirect_stdout(said):
            self._program([*words[:at], "--name", self.lab, "--json", *words[at:]], standalone_mode=False)
        try:
            answer: Json = json.loads(said.getvalue())
        except ValueError as error:
            raise LabStateError(f"`labctl {words[0]} --json` gave no answer", expected="a JSON document") from error
        return answer
