import uPlot from "uplot";
import { cursor, telling, timeAxis } from "./chart";
import { fetchMarks, type Mark } from "./marks";
import { colour, type Graph, short } from "./series";

const HEIGHT = 300;

/** Draw a graph into a figure, as wide as it is, also after it became wider. */
export function plot(figure: HTMLElement, graph: Graph, dark: boolean): void {
  const style = getComputedStyle(figure);
  const width = () => figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const axis = { stroke: dark ? "#9aa1ab" : "#5b6068", font: `12px ${style.fontFamily}`, ticks: { show: false } };
  const grid = { stroke: dark ? "#2b2f34" : "#e6e6e1", width: 1 };
  let marks: Mark[] = [];
  const rows = (at: number) =>
    graph.series.flatMap((each, number) => {
      const value = each.values[at] ?? null;
      return value === null ? [] : [{ name: each.name, colour: colour(number, dark), value, text: short(value) }];
    });
  const options: uPlot.Options = {
    width: width(),
    height: HEIGHT,
    legend: { show: false },
    cursor: cursor(),
    scales: { y: { range: (_self, low, high) => [Math.min(0, low), high > low || high > 0 ? high * 1.06 : 1] } },
    axes: [
      { ...timeAxis(axis), grid, size: 28 },
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
    plugins: [telling({ marks: () => marks, rows, dark })],
  };
  const chart = new uPlot(options, [graph.times, ...graph.series.map((each) => each.values)], figure);
  chart.root.setAttribute("aria-label", figure.getAttribute("aria-label") ?? "A graph");
  const [first, last] = [graph.times[0], graph.times.at(-1)];
  if (figure.dataset.marks && first && last) {
    void fetchMarks(figure.dataset.marks, `${Math.max(1, Math.ceil(last - first))}s`, new Date(last * 1000).toISOString()).then((found) => {
      marks = found;
      chart.redraw();
    });
  }
  const observer = new ResizeObserver(() => {
    if (!figure.isConnected || !figure.contains(chart.root)) observer.disconnect();
    else chart.setSize({ width: width(), height: HEIGHT });
  });
  observer.observe(figure);
}
