import uPlot from "uplot";
import { colour, type Graph, short } from "./series";

const HEIGHT = 300;

/** Draw a graph into a figure, as wide as it is, also after it became wider. */
export function plot(figure: HTMLElement, graph: Graph, dark: boolean): void {
  const style = getComputedStyle(figure);
  const width = () => figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const axis = { stroke: dark ? "#9aa1ab" : "#5b6068", font: `12px ${style.fontFamily}`, ticks: { show: false } };
  const grid = { stroke: dark ? "#2b2f34" : "#e6e6e1", width: 1 };
  const options: uPlot.Options = {
    width: width(),
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    scales: { y: { range: (_self, low, high) => [Math.min(0, low), high > low || high > 0 ? high * 1.06 : 1] } },
    axes: [
      { ...axis, grid, size: 28, values: (_self, times) => times.map((at) => clock(at)) },
      { ...axis, grid, size: 58, values: (_self, values) => values.map((value) => short(value)) },
    ],
    series: [
      {},
      ...graph.series.map((each, at) => ({
        label: each.name,
        stroke: colour(at, dark),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    plugins: [tooltip(graph, dark)],
  };
  const chart = new uPlot(options, [graph.times, ...graph.series.map((each) => each.values)], figure);
  const observer = new ResizeObserver(() => {
    if (!figure.isConnected || !figure.contains(chart.root)) observer.disconnect();
    else chart.setSize({ width: width(), height: HEIGHT });
  });
  observer.observe(figure);
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });
}

const MOST_SHOWN = 12;

/** Say the values under the pointer, the greatest first. */
function tooltip(graph: Graph, dark: boolean): uPlot.Plugin {
  const box = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  const show = (self: uPlot): void => {
    const at = self.cursor.idx;
    box.hidden = at === null || at === undefined || (self.cursor.left ?? -1) < 0;
    if (box.hidden || at === null || at === undefined) return;
    const rows = graph.series
      .map((each, number) => ({ name: each.name, number, value: each.values[at] ?? null }))
      .filter((row): row is { name: string; number: number; value: number } => row.value !== null)
      .sort((one, other) => other.value - one.value);
    box.replaceChildren(line(clock(graph.times[at] ?? 0), "tip-time"), ...rows.slice(0, MOST_SHOWN).map(row));
    if (rows.length > MOST_SHOWN) box.append(line(`and ${rows.length - MOST_SHOWN} more`, "tip-time"));
    const left = self.cursor.left ?? 0;
    const over = self.over.clientWidth;
    box.style.left = left > over / 2 ? "" : `${left + 12}px`;
    box.style.right = left > over / 2 ? `${over - left + 12}px` : "";
  };
  const row = (each: { name: string; number: number; value: number }): HTMLElement => {
    const found = line("", "tip-row");
    const swatch = Object.assign(document.createElement("i"), { className: "swatch" });
    swatch.style.background = colour(each.number, dark);
    found.append(swatch, line(each.name, "tip-name"), line(short(each.value), "tip-value"));
    return found;
  };
  return { hooks: { init: (self) => self.over.append(box), setCursor: show } };
}

function line(text: string, className: string): HTMLElement {
  return Object.assign(document.createElement("span"), { textContent: text, className });
}
