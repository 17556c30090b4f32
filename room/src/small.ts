import uPlot from "uplot";
import { colour, type Graph, short } from "./series";

const HEIGHT = 132;

export interface Small extends Graph {
  marks: { at: number; text: string }[];
  unit: string;
}

/** Draw a small graph with a line, and its text, at each mark. */
export function small(box: HTMLElement, graph: Small, dark: boolean): void {
  const font = `11px ${getComputedStyle(box).fontFamily}`;
  const axis = { stroke: dark ? "#9aa1ab" : "#5b6068", font, ticks: { show: false } };
  const grid = { stroke: dark ? "#2b2f34" : "#e6e6e1", width: 1 };
  const first = graph.times[0] ?? 0;
  const options: uPlot.Options = {
    width: box.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 5 }, sync: { key: "smalls" } },
    scales: {
      x: { range: [first, graph.times.at(-1) ?? first + 1] },
      y: { range: (_self, _low, high) => [0, high > 0 ? high * 1.15 : 1] },
    },
    axes: [
      { ...axis, grid, size: 24, space: 70, values: (_self, times) => times.map((at) => clock(at)) },
      { ...axis, grid, size: 44, space: 28, values: (_self, values) => values.map((value) => short(value)) },
    ],
    series: [
      {},
      ...graph.series.map((each, at) => ({
        label: each.name, stroke: colour(at, dark), width: 1.5, points: { show: false }, spanGaps: false,
      })),
    ],
    hooks: { draw: [(self) => drawMarks(self, graph.marks, dark, font)] },
  };
  const chart = new uPlot(options, [graph.times, ...graph.series.map((each) => each.values)], box);
  const observer = new ResizeObserver(() => {
    if (!box.isConnected || !box.contains(chart.root)) observer.disconnect();
    else chart.setSize({ width: box.clientWidth, height: HEIGHT });
  });
  observer.observe(box);
}

function drawMarks(self: uPlot, marks: Small["marks"], dark: boolean, font: string): void {
  const { ctx, bbox } = self;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = dark ? "#e4e6e9" : "#1b1d20";
  ctx.lineWidth = devicePixelRatio;
  ctx.font = font.replace("11px", `${11 * devicePixelRatio}px`);
  ctx.textBaseline = "top";
  for (const [number, mark] of marks.entries()) {
    const x = Math.round(self.valToPos(mark.at, "x", true));
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = mark.text.split(" ").slice(0, 2).join(" ");
    const right = x + ctx.measureText(text).width + 8 * devicePixelRatio > bbox.left + bbox.width;
    ctx.textAlign = right ? "right" : "left";
    const below = (number % 3) * 13 * devicePixelRatio;
    ctx.fillText(text, x + (right ? -4 : 4) * devicePixelRatio, bbox.top + 2 * devicePixelRatio + below);
  }
  ctx.restore();
}

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });
}
