// The present values of series, as a table: a column for each label, and one for the value.
import { stepColour } from "./colours";
import { element } from "./element";
import { figure } from "./figures";
import { type Panel, type Series, type Style, styleOf, type Value } from "./model";
import { written } from "./stat";

export interface Column {
  title: string;
  style: Style;
  number: boolean;
  cells: (string | Value)[];
}

/** Return the columns that are shown: the moment, the labels by their names, the values; sorted as the panel says. */
export function columns(panel: Panel, series: Series[], at: number): Column[] {
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.labels)))].filter((name) => name !== "__name__").sort();
  const refs = [...new Set(series.map((each) => each.ref))];
  const all: [string, boolean, (string | Value)[]][] = [
    ["Time", false, series.map(() => new Date(at * 1000).toLocaleTimeString([], { hour12: false }))],
    ...labels.map((name): [string, boolean, string[]] => [name, false, series.map((each) => each.labels[name] ?? "")]),
    ...refs.map((ref): [string, boolean, Value[]] => [
      refs.length > 1 ? `Value #${ref}` : "Value",
      true,
      series.map((each) => (each.ref === ref ? figure("lastNotNull", each.values) : null)),
    ]),
  ];
  const found = all.map(([name, number, cells]) => {
    const style = styleOf(panel, name);
    return { title: style.name ?? name, style, number, cells };
  });
  return ordered(panel, found).filter((each) => !each.style.hidden);
}

function ordered(panel: Panel, found: Column[]): Column[] {
  const by = found.find((each) => each.title === panel.look.sort_by);
  if (!by) return found;
  const sign = panel.look.descending ? -1 : 1;
  const order = by.cells.map((_, row) => row).sort((one, other) => sign * compared(by.cells[one] ?? null, by.cells[other] ?? null));
  return found.map((each) => ({ ...each, cells: order.map((row) => each.cells[row] ?? null) }));
}

function compared(one: string | Value, other: string | Value): number {
  return typeof one === "number" && typeof other === "number" ? one - other : String(one ?? "").localeCompare(String(other ?? ""));
}

export function table(body: HTMLElement, panel: Panel, series: Series[], at: number, dark: boolean): void {
  const shown = columns(panel, series, at);
  const whole = element("table");
  if (panel.look.header) {
    const head = element("tr");
    head.append(...shown.map((each) => element("th", each.number ? "number" : "", each.title)));
    whole.createTHead().append(head);
  }
  const rows = whole.createTBody();
  series.forEach((_, place) => {
    const row = rows.insertRow();
    for (const each of shown) {
      const cell = each.cells[place] ?? null;
      const found = element("td", each.number ? "number" : "", typeof cell === "string" ? cell : cell === null ? "–" : written(cell, each.style));
      if (typeof cell === "number" && each.style.color_mode === "thresholds") found.style.color = stepColour(cell, each.style, dark);
      row.append(found);
    }
  });
  body.replaceChildren(whole);
}
