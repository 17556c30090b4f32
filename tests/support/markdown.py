"""Read the documentation as tests need it: fenced blocks, code spans, links, anchors."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENDS_A_COMMAND = {"|", ">", ">>", "&&", "||", ";", "&"}


@dataclass(frozen=True)
class Page:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without fenced blocks and comments."""
        return _COMMENT.sub("", _FENCE.sub("", self.text))

    def fences(self, *languages: str) -> list[str]:
        """The bodies of the fenced blocks in one of these languages (all, when none is named)."""
        return [body for language, body in _FENCE.findall(self.text) if not languages or language in languages]

    def spans(self) -> list[str]:
        return _SPAN.findall(self.prose)

    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    def headings(self) -> list[str]:
        return re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)

    def anchors(self) -> set[str]:
        """The headings' anchors, as GitHub makes them."""
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in self.headings()}

    def command_lines(self, program: str) -> Iterator[list[str]]:
        """The arguments of every call of `program` in fenced blocks of shell and in code spans."""
        shell = "\n".join(self.fences("sh", "console")).replace("\\\n", " ")
        for line in [*shell.splitlines(), *self.spans()]:
            words = _words(line)
            if words and words[0].removeprefix(".venv/bin/") == program:
                yield words[1:]


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe in program output
        return []
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    end = next((i for i, word in enumerate(words) if word in _ENDS_A_COMMAND), len(words))
    return words[:end]


def pages() -> list[Page]:
    """Every page of the documentation in the checkout."""
    patterns = ("*.md", "docs/*.md", "*/README.md", "*/*/README.md", "labctl/health/runbooks/*.md")
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return [Page(path) for path in sorted(found) if not path.relative_to(ROOT).parts[0].startswith(".")]
