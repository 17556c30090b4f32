"""What a dashboard is: rows, panels, their queries and looks, variables. `dashboard_document` reads one. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where a panel is: in a grid of 24 columns, `w` wide and `h` high."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Target:
    """One query of a panel."""

    ref: str
    source: str
    """"prometheus" or "loki"."""
    query: str
    legend: str = ""
    instant: bool = False
    exemplars: bool = False
    most_lines: int = 100


@dataclass(frozen=True)
class Step:
    """From `value` on (None: from the least on), what is measured has this colour."""

    value: float | None
    color: str


@dataclass(frozen=True)
class Mapping:
    """Values that are shown as a text: those from `low` to `high`, None for no bound; or a value that is missing."""

    low: float | None
    high: float | None
    text: str
    color: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Style:
    """How values look; None where nothing is said."""

    unit: str | None = None
    decimals: float | None = None
    min: float | None = None
    max: float | None = None
    soft_min: float | None = None
    soft_max: float | None = None
    no_value: str | None = None
    name: str | None = None
    color_mode: str | None = None
    color: str | None = None
    steps: tuple[Step, ...] | None = None
    percent_steps: bool | None = None
    mappings: tuple[Mapping, ...] | None = None
    draw: str | None = None
    width: float | None = None
    fill: float | None = None
    dash: tuple[float, ...] | None = None
    points: str | None = None
    span_gaps: bool | None = None
    stack: str | None = None
    threshold_lines: str | None = None
    axis: str | None = None
    axis_label: str | None = None
    log: float | None = None
    hidden: bool | None = None
    align: str | None = None
    column_width: float | None = None


@dataclass(frozen=True)
class Override:
    """A style for some series only: `by` is "name", "regexp" or "query"."""

    by: str
    what: str
    style: Style


@dataclass(frozen=True)
class Legend:
    """The legend of a graph: its figures, and by which one it is sorted."""

    shown: bool = True
    table: bool = False
    figures: tuple[str, ...] = ()
    sort_by: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Look:
    """What else a panel says of itself, by its kind."""

    legend: Legend = Legend()
    figure: str = "lastNotNull"
    """How a stat makes one value of a curve."""
    color: str = "value"
    """What a stat colours: "value", "background" or "none"."""
    curve: bool = True
    text: str = "auto"
    content: str = ""
    """The text of a text panel, in Markdown."""
    oldest_first: bool = False
    sort_by: str = ""
    """The column that a table is sorted by."""
    descending: bool = False
    header: bool = True


@dataclass(frozen=True)
class Panel:
    """One panel; `unsupported` says what of it is not drawn here."""

    id: int
    kind: str
    title: str
    place: Place
    description: str = ""
    targets: tuple[Target, ...] = ()
    style: Style = Style()
    overrides: tuple[Override, ...] = ()
    look: Look = Look()
    unsupported: tuple[str, ...] = ()

    @property
    def asks_logs(self) -> bool:
        """Whether it asks the log store, which is slower than Prometheus."""
        return any(each.source == "loki" for each in self.targets)


@dataclass(frozen=True)
class Row:
    """Panels under one heading, which can be closed."""

    title: str
    panels: tuple[Panel, ...]
    closed: bool = False


@dataclass(frozen=True)
class Variable:
    """What one can choose, and queries name as $name: the values of a label, or those that are listed."""

    name: str
    label: str
    description: str = ""
    label_of: tuple[str, str] | None = None
    """A selector, and the label whose values can be chosen."""
    options: tuple[str, ...] = ()
    several: bool = False
    all: bool = False
    all_value: str = ""
    """What All stands for, where it is not every value."""
    chosen: tuple[str, ...] = ()
    """What is chosen at first; empty for all."""
    hidden: bool = False


@dataclass(frozen=True)
class Dashboard:
    """One dashboard."""

    uid: str
    title: str
    description: str = ""
    span: str = "15m"
    """The time that it shows at first."""
    rows: tuple[Row, ...] = ()
    variables: tuple[Variable, ...] = ()
    unsupported: tuple[str, ...] = field(default=())

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels."""
        return tuple(panel for row in self.rows for panel in row.panels)
