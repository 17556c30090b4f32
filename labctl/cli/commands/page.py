"""`labctl page`: the page that the on-call engineer got, and the clock."""

from __future__ import annotations

from labctl.actions import incident as action
from labctl.base.names import DEFAULT_NAME
from labctl.cli import page_view
from labctl.cli.options import JsonOption, NameOption


def page(name: NameOption = DEFAULT_NAME, as_json: JsonOption = False) -> None:
    """Show the page again, and the clock."""
    page_view.emit(action.page(name), as_json=as_json)
