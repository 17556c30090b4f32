"""Names and words as people type them: the one rule by which each is found among those that are known."""

from __future__ import annotations

from collections.abc import Iterable

from labctl.base.errors import InputError, NotFoundError


def matching(kind: str, typed: str, known: Iterable[str], *, todo: str = "", secret: bool = False) -> str:
    """Return the known word that `typed` means: the whole word, or a beginning that only one word has.

    Case does not matter, and blanks and underscores count as dashes. Raises InputError with the candidates when several
    words begin so, NotFoundError with the nearest word when none does; of `secret` words, neither lists any.
    """
    words = list(dict.fromkeys(known))
    wanted = _plain(typed)
    exact = [word for word in words if _plain(word) == wanted]
    found = exact or [word for word in words if wanted and _plain(word).startswith(wanted)]
    # A dash at the end may tell a beginning from a longer word's.
    found = [word for word in found if _dashed(word).startswith(_dashed(typed).lstrip("-"))] or found
    if len(found) > 1 and typed in found:
        return typed
    if len(found) > 1:
        candidates = "a whole name" if secret else f"one of: {', '.join(found)}"
        raise InputError(f"several {kind}s begin with '{typed}'", expected=candidates, todo=todo)
    if not found:
        raise NotFoundError(kind, typed, words, todo=todo, secret=secret)
    return found[0]


def _plain(text: str) -> str:
    return _dashed(text).strip("-")


def _dashed(text: str) -> str:
    return text.lower().replace("_", "-").replace(" ", "-")
