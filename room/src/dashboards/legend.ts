// The legend of a graph: what its curves are called, with figures; a click shows one alone.
import { element, say } from "./element";
import { figure, TITLES } from "./figures";
import type { Look, Series, Style, Value } from "./model";
import { format } from "./units";

export interface Entry {
  key: string;
  name: string;
  colour: string;
  values: Value[];
  texts: string[];
}

/** Return the entries with their figures, sorted by one of them if the panel says so; a figure that is missing is last. */
export function entries(look: Look["legend"], series: Series[], styles: Style[], colours: string[]): Entry[] {
  const found = series.map((each, at) => {
    const { unit, decimals, name } = styles[at] ?? {};
    const values = look.figures.map((kind) => figure(kind, each.values));
    const texts = values.map((value, place) => format(value, look.figures[place] === "count" ? "none" : unit, decimals));
    return { key: each.key, name: name ?? each.name, colour: colours[at] ?? "", values, texts };
  });
  const by = look.figures.findIndex((kind) => look.sort_by && (TITLES[kind] === look.sort_by || kind === look.sort_by || `${TITLES[kind]} *` === look.sort_by));
  if (by < 0) return found;
  const sign = look.descending ? -1 : 1;
  const rank = (entry: Entry) => entry.values[by] ?? sign * Infinity;
  return found.sort((one, other) => sign * (rank(one) - rank(other)) || one.name.localeCompare(other.name));
}

type Toggle = (key: string) => void;

export function legend(box: HTMLElement, look: Look["legend"], series: Series[], styles: Style[], colours: string[], only: string, toggle: Toggle): void {
  const found = entries(look, series, styles, colours);
  const order = [only, ...found.map((each) => each.key)].join();
  if (box.dataset.order !== order) {
    box.dataset.order = order;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.seriesKey;
    box.replaceChildren(look.table ? table(look, found, only, toggle) : list(found, only, toggle));
    if (focused) box.querySelector<HTMLElement>(`[data-series-key="${CSS.escape(focused)}"]`)?.focus();
  }
  const cells = box.querySelectorAll("td.number, .figure");
  found.flatMap((each) => each.texts).forEach((text, at) => cells[at] && say(cells[at], text));
}

function named(entry: Entry, only: string, toggle: Toggle): HTMLElement {
  const button = element("button", "series-name");
  const swatch = element("i", "swatch");
  swatch.style.background = entry.colour;
  button.type = "button";
  button.dataset.seriesKey = entry.key;
  button.setAttribute("aria-pressed", String(only === entry.key));
  button.title = only === entry.key ? "Show all" : "Show it alone";
  button.append(swatch, entry.name || "value");
  button.addEventListener("click", () => toggle(entry.key));
  return button;
}

function table(look: Look["legend"], found: Entry[], only: string, toggle: Toggle): HTMLElement {
  const whole = element("table");
  const head = element("tr");
  head.append(element("th", "grow", "Name"), ...look.figures.map((kind) => element("th", "number", TITLES[kind] ?? kind)));
  whole.createTHead().append(head);
  const body = whole.createTBody();
  for (const each of found) {
    const row = body.insertRow();
    const name = element("td", "grow");
    name.append(named(each, only, toggle));
    row.append(name, ...each.texts.map((text) => element("td", "number", text)));
  }
  return whole;
}

function list(found: Entry[], only: string, toggle: Toggle): HTMLElement {
  const whole = element("div", "series-list");
  for (const each of found) {
    const one = element("span");
    one.append(named(each, only, toggle), ...each.texts.map((text) => element("span", "figure", text)));
    whole.append(one);
  }
  return whole;
}
