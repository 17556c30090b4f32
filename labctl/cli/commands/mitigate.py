"""`labctl mitigate …`: help the users, whatever the cause; each step is in the change feed, and has an undo."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import mitigate as action
from labctl.actions import typed_steps
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.cli import console, mitigation_view
from labctl.cli.options import JsonOption, NameOption, finite, service_name
from labctl.model.mitigation import BLOCKABLE

ServiceArgument = Annotated[
    str, typer.Argument(metavar="SERVICE", help="Which service.", callback=service_name, show_default=False)
]
AmountArgument = Annotated[
    str, typer.Argument(metavar="WHAT=AMOUNT", help="cpu (cores), memory (MiB), pool (connections) or threads.")
]
SettingArgument = Annotated[str, typer.Argument(metavar="KEY=VALUE", help="The setting and its new value.")]
FlagArgument = Annotated[str, typer.Argument(metavar="FLAG", help="Which flag; --list names them.")]
VariantArgument = Annotated[str, typer.Argument(metavar="VARIANT", help="The variant, such as off.")]
SessionArgument = Annotated[
    str, typer.Argument(metavar="PID|APPLICATION", help="A process id or application_name of pg_stat_activity.")
]
ShareArgument = Annotated[
    float, typer.Argument(metavar="SHARE", help="From 0 (none) to 1 (all).", min=0, max=1, callback=finite)
]
KindArgument = Annotated[str, typer.Argument(metavar="KIND", help=f"{', '.join(BLOCKABLE[:-1])} or {BLOCKABLE[-1]}.")]
ValueArgument = Annotated[str, typer.Argument(metavar="VALUE", help="Its number, or the scheme's name.")]
IndexArgument = Annotated[str, typer.Argument(metavar="INDEX", help="An index of the schema.")]
RecordArgument = Annotated[
    str,
    typer.Argument(
        metavar="RECORD",
        help="The id of the record or of its event; if not given, the one that has waited longest to be acknowledged.",
        show_default=False,
    ),
]
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The number that the step was given.")]
ListOption = Annotated[bool, typer.Option("--list", help="List the steps; so does the command without options.")]


def list_(as_list: ListOption = False, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """List every step that can be taken, whatever is broken: what it does, what it costs, how it is undone."""
    del as_list
    answer = action.catalogue(name)
    console.emit(answer, lambda: mitigation_view.show_catalogue(answer), as_json=as_json)


def rollback(service: ServiceArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Roll a service back to the version before its last release."""
    _take(name, "rollback", service, as_json=as_json)


def restart(service: ServiceArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Restart a service: what only its memory held (counters, sessions, what it was at) is gone."""
    _take(name, "restart", service, as_json=as_json)


def move(service: ServiceArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Start a stateless service on another host: what the old host does to it stays behind."""
    _take(name, "move", service, as_json=as_json)


def scale(
    service: ServiceArgument, amount: AmountArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False
) -> None:
    """Give a service another amount of CPU, memory, database connections or threads."""
    _take(name, "scale", service, amount, as_json=as_json)


def config(
    service: ServiceArgument, setting: SettingArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False
) -> None:
    """Change one setting of a service, and roll it out."""
    _take(name, "config", service, setting, as_json=as_json)


def flag(
    flag: FlagArgument, variant: VariantArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False
) -> None:
    """Switch a feature flag; nothing restarts."""
    _take(name, "flag", flag, variant, as_json=as_json)


def kill_query(session: SessionArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """End a session in the database by its process id, or all sessions of an application."""
    _take(name, "kill-query", session, as_json=as_json)


def shed(share: ShareArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Turn a share of the checkouts away at the gateway, so that the others are served; 0 lets all in again."""
    _take(name, "shed", str(share), as_json=as_json)


def block(
    kind: KindArgument, value: ValueArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False
) -> None:
    """Refuse all requests of a merchant, a customer or a card scheme at the gateway."""
    _take(name, "block", kind, value, as_json=as_json)


def index(index: IndexArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Build an index of the schema that is missing in the database."""
    _take(name, "index", index, as_json=as_json)


def park(record: RecordArgument = "", name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Move a record of the event stream to the dead letters, so that those behind it are booked."""
    _take(name, "park", *filter(None, (record,)), as_json=as_json)


def undo(number: NumberArgument, name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Undo a step by its number; restarts, moves and ended sessions can't be undone."""
    answer = action.undo(name, number)
    console.emit(answer, lambda: mitigation_view.show_taken(answer, option_of(name)), as_json=as_json)


def _take(name: str, verb: str, *arguments: str, as_json: bool) -> None:
    answer = typed_steps.take(name, verb, arguments)
    console.emit(answer, lambda: mitigation_view.show_taken(answer, option_of(name)), as_json=as_json)
