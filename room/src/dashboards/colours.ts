// Colours by Grafana's names, for both grounds; text in them can be read.
import { colour } from "../series";
import { figure } from "./figures";
import type { Series, Step, Style } from "./model";

const NAMED: Record<string, [light: string, dark: string]> = {
  green: ["#1e6b3a", "#7dd19a"],
  yellow: ["#7a5f00", "#e8d06a"],
  orange: ["#8a4b00", "#f0a95b"],
  red: ["#b3261e", "#ff8f85"],
  blue: ["#2f55c8", "#8fabff"],
  purple: ["#7a3fb0", "#c79bf2"],
  text: ["#1b1d20", "#e4e6e9"],
};
const HUES = 30;

/** Return a colour as a browser knows it: a name of Grafana's, dark-red and the like among them, or any other. */
export function shade(name: string, dark: boolean): string {
  const bare = name.replace(/^(super-light|semi-dark|light|dark)-/, "");
  return NAMED[bare]?.[dark ? 1 : 0] ?? name;
}

/** Return the colour of the highest step that a value reaches; empty where none says one. */
export function stepColour(value: number | null, style: Style, dark: boolean): string {
  const found = value === null ? undefined : stepOf(value, style);
  return !found || found.color === "transparent" ? "" : shade(found.color, dark);
}

export function stepOf(value: number, style: Style): Step | undefined {
  const low = style.min ?? 0;
  const span = (style.max ?? 100) - low;
  const from = (step: Step) => (step.value === undefined ? -Infinity : style.percent_steps ? low + (span * step.value) / 100 : step.value);
  return (style.steps ?? []).filter((step) => value >= from(step)).at(-1);
}

/** Return a colour for each series: fixed, by its thresholds, by its name (the same in every panel), or by its place. */
export function lineColours(series: Series[], styles: Style[], dark: boolean): string[] {
  const taken = new Set<number>();
  return series.map((each, at) => {
    const style = styles[at] ?? {};
    if (style.color_mode === "fixed" && style.color) return shade(style.color, dark);
    if (style.color_mode === "thresholds") return stepColour(figure("lastNotNull", each.values), style, dark) || shade("text", dark);
    if (style.color_mode !== "palette-classic-by-name") return colour(at, dark);
    let hue = hash(each.name) % HUES;
    while (taken.has(hue) && taken.size < HUES) hue = (hue + 1) % HUES;
    taken.add(hue);
    return colour(hue, dark);
  });
}

function hash(text: string): number {
  let found = 2166136261;
  for (const each of text) found = Math.imul(found ^ (each.codePointAt(0) ?? 0), 16777619) >>> 0;
  return found;
}
