"""LogQL by recursive descent: log queries here, metric queries in metric_parser."""

from __future__ import annotations

from collections.abc import Callable

from services.telemetry.durations import parse_duration
from services.telemetry.loki import line_format
from services.telemetry.loki.lexer import Kind, Token, tokens
from services.telemetry.loki.patterns import PatternError, compile_like, compile_pattern, empty_matches
from services.telemetry.loki.syntax import (
    Both,
    Condition,
    Drop,
    Either,
    LabelFilter,
    LineFilter,
    LineOp,
    LogqlError,
    LogQuery,
    Matcher,
    Parser,
    Stage,
    Unwrap,
)
from services.telemetry.loki.unwrap import CONVERSIONS

MATCH_OPS = ("=", "!=", "=~", "!~")
COMPARISONS = ("=", "!=", "==", ">", ">=", "<", "<=")
LINE_OPS = tuple(LineOp)
MAX_PARTS = 100
_CHECKS: dict[LineOp, Callable[[str], object]] = {
    **dict.fromkeys((LineOp.MATCHES, LineOp.MATCHES_NOT), compile_pattern),
    **dict.fromkeys((LineOp.LIKE, LineOp.UNLIKE), compile_like),
}


class Cursor:
    """The words of one query and the place among them."""

    def __init__(self, query: str) -> None:
        self._tokens = tokens(query)
        self._index = 0
        self._parts = 0

    @property
    def next(self) -> Token:
        """The word that comes next."""
        return self._tokens[self._index]

    def at(self, kind: Kind, *texts: str) -> bool:
        """Whether the next word is of this kind, and one of the texts if any are given."""
        return self.next.kind is kind and (not texts or self.next.text in texts)

    def advance(self) -> Token:
        """Take the next word; END is never passed."""
        token = self.next
        self._index = min(self._index + 1, len(self._tokens) - 1)
        return token

    def accept(self, *signs: str) -> str:
        """Take the next word if it is one of these signs or identifiers, else ""."""
        if self.at(Kind.SIGN, *signs) or self.at(Kind.IDENTIFIER, *signs):
            return self.advance().text
        return ""

    def expect(self, *signs: str) -> str:
        """Take one of these signs, or fail."""
        return self.accept(*signs) or self.fail(" or ".join(signs))

    def take(self, kind: Kind) -> Token:
        """Take a word of this kind, or fail."""
        if not self.at(kind):
            self.fail(str(kind))
        return self.advance()

    def fail(self, expected: str = "") -> str:
        """Raise the syntax error of the next word."""
        wanted = f", expecting {expected}" if expected else ""
        raise self.error(f"syntax error: unexpected {self.next.shown}{wanted}")

    def error(self, message: str, at: Token | None = None) -> LogqlError:
        """Return an error at a word, the next one if none is given."""
        token = at or self.next
        return LogqlError(message, token.line, token.column)

    def nest(self) -> None:
        """Count one bracket or operator more, and fail where no person would have written it."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise self.error(f"more than {MAX_PARTS} nested parts")


def selector(cursor: Cursor) -> LogQuery:
    """`{label="value", …}`."""
    start = cursor.next
    cursor.expect("{")
    matchers: list[Matcher] = []
    while not cursor.accept("}"):
        if matchers:
            cursor.expect(",", "}")
        label = cursor.take(Kind.IDENTIFIER).text
        op = cursor.expect(*MATCH_OPS)
        matchers.append(Matcher(label, op, _text(cursor, compile_pattern if "~" in op else None)))
    if not any(_selects(matcher) for matcher in matchers):
        message = (
            "queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
            'For instance, app=~".*" does not meet this requirement, but app=~".+" will'
        )
        raise cursor.error(message, start)
    return LogQuery(tuple(matchers))


def _selects(matcher: Matcher) -> bool:
    """Whether a stream without the label is left out."""
    if matcher.op in ("=", "!="):
        return (matcher.value == "") == (matcher.op == "!=")
    return empty_matches(matcher.value) == (matcher.op == "!~")


def pipeline(cursor: Cursor, query: LogQuery) -> LogQuery:
    """Return the query with the stages that follow it."""
    stages = [*query.stages]
    while cursor.at(Kind.SIGN, "|", *LINE_OPS):
        stages.append(_line_filter(cursor) if cursor.at(Kind.SIGN, *LINE_OPS) else _stage(cursor))
    return LogQuery(query.matchers, tuple(stages))


def _line_filter(cursor: Cursor) -> LineFilter:
    op = LineOp(cursor.expect(*LINE_OPS))
    check = _CHECKS.get(op)
    texts = [_text(cursor, check)]
    while cursor.accept("or"):
        texts.append(_text(cursor, check))
    return LineFilter(op, tuple(texts))


def _stage(cursor: Cursor) -> Stage:
    cursor.expect("|")
    if cursor.at(Kind.IDENTIFIER, *Parser):
        return Parser(cursor.advance().text)
    if cursor.accept("drop"):
        return Drop(names(cursor))
    if cursor.accept("unwrap"):
        return _unwrap(cursor)
    if cursor.accept("line_format"):
        return _line_format(cursor)
    return _either(cursor)


def _unwrap(cursor: Cursor) -> Unwrap:
    """`unwrap label`, or `unwrap duration(label)`."""
    name = cursor.take(Kind.IDENTIFIER)
    if not cursor.accept("("):
        return Unwrap(name.text)
    if name.text not in CONVERSIONS:
        raise cursor.error(f"{name.text!r} is no conversion; expecting {', '.join(CONVERSIONS)}", name)
    label = cursor.take(Kind.IDENTIFIER).text
    cursor.expect(")")
    return Unwrap(label, name.text)


def _line_format(cursor: Cursor) -> Stage:
    token = cursor.take(Kind.STRING)
    try:
        return line_format.parse(token.text)
    except line_format.TemplateError as error:
        raise cursor.error(f"invalid line template: {error}", token) from None


def names(cursor: Cursor) -> tuple[str, ...]:
    """One label's name or more, with commas between them."""
    found = [cursor.take(Kind.IDENTIFIER).text]
    while cursor.accept(","):
        found.append(cursor.take(Kind.IDENTIFIER).text)
    return tuple(found)


def _either(cursor: Cursor) -> Condition:
    left = _both(cursor)
    while cursor.accept("or"):
        cursor.nest()
        left = Either(left, _both(cursor))
    return left


def _both(cursor: Cursor) -> Condition:
    left = _condition(cursor)
    while cursor.accept("and", ","):
        cursor.nest()
        left = Both(left, _condition(cursor))
    return left


def _condition(cursor: Cursor) -> Condition:
    if cursor.accept("("):
        cursor.nest()
        inner = _either(cursor)
        cursor.expect(")")
        return inner
    name = cursor.take(Kind.IDENTIFIER)
    if not cursor.at(Kind.SIGN, *MATCH_OPS, *COMPARISONS):
        raise cursor.error(f"syntax error: {name.text!r} is no stage or label filter that is supported here", name)
    op = cursor.advance().text
    if cursor.at(Kind.STRING) and op in MATCH_OPS:
        return LabelFilter(name.text, op, _text(cursor, compile_pattern if "~" in op else None))
    if op not in COMPARISONS:
        cursor.fail(str(Kind.STRING))
    return LabelFilter(name.text, op, signed_number(cursor))


def signed_number(cursor: Cursor) -> float:
    """Return a number, or a duration in seconds."""
    sign = -1 if cursor.accept("-") else 1
    if cursor.at(Kind.DURATION):
        return sign * parse_duration(cursor.advance().text)
    return sign * float(cursor.take(Kind.NUMBER).text)


def _text(cursor: Cursor, check: Callable[[str], object] | None) -> str:
    """Take a text; what `check` cannot compile is an error at its place."""
    token = cursor.take(Kind.STRING)
    if check:
        try:
            check(token.text)
        except PatternError as error:
            raise cursor.error(f"error parsing regexp: {error}", token) from None
    return token.text
