// One figure, large, coloured by its thresholds, with its curve below.
import { shade, stepColour } from "./colours";
import { element } from "./element";
import { figure } from "./figures";
import { type Panel, type Series, type Style, styleOf, type Value } from "./model";
import { format } from "./units";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 200;
const HEIGHT = 40;

export function stat(body: HTMLElement, panel: Panel, series: Series[], dark: boolean): void {
  body.replaceChildren(...series.map((each) => one(panel, each, series.length > 1, dark)));
}

function one(panel: Panel, series: Series, several: boolean, dark: boolean): HTMLElement {
  const style = styleOf(panel, series.name, series.ref);
  const value = figure(panel.look.figure, series.values);
  const colour = stepColour(value, style, dark) || shade("text", dark);
  const box = element("div", "figure-box");
  const named = panel.look.text.includes("name") || (panel.look.text === "auto" && several);
  if (named) box.append(element("span", "figure-name", style.name ?? series.name));
  if (panel.look.text !== "name" && panel.look.text !== "none") {
    const shown = element("strong", "", written(value, style));
    if (panel.look.color !== "none") shown.style.color = panel.look.color === "background" ? "" : colour;
    box.append(shown);
  }
  if (panel.look.color === "background") box.style.background = `color-mix(in srgb, ${colour} 22%, transparent)`;
  if (panel.look.curve && series.values.length > 1) box.append(spark(series.values, colour));
  return box;
}

/** Return a value as a panel shows it: by its mappings, or as a number with its unit. */
export function written(value: Value, style: Style): string {
  const found = (style.mappings ?? []).find((each) =>
    value === null ? each.missing : !each.missing && value >= (each.low ?? -Infinity) && value <= (each.high ?? Infinity),
  );
  if (found) return found.text;
  return value === null ? (style.no_value ?? "No data") : format(value, style.unit, style.decimals);
}

/** Return the path of a curve within WIDTH by HEIGHT, from zero or below; it ends before a gap, and begins anew after it. */
export function path(values: Value[]): string {
  const known = values.filter((each): each is number => each !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(...known, low + 1e-9);
  const x = (at: number) => ((at / Math.max(1, values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - ((value - low) / (high - low)) * (HEIGHT - 3)).toFixed(1);
  return values
    .map((value, at) => (value === null ? "" : `${at > 0 && (values[at - 1] ?? null) !== null ? "L" : "M"}${x(at)} ${y(value)}`))
    .join("");
}

function spark(values: Value[], colour: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "spark" })) svg.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({ d: path(values), fill: "none", stroke: colour, "stroke-width": "1.4", "vector-effect": "non-scaling-stroke" })) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}
