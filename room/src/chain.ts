import uPlot from "uplot";
import { figure, type Point, withGaps } from "./figures";
import { span } from "./timeline";

// The curve of one link of a causal chain: healthy before the change, broken after it. Times count from the page.
const HEIGHT = 150;

export interface Link {
  unit: string;
  change: number;
  shows: number | null;
  points: [number, number][];
}

export function chain(box: HTMLElement, link: Link): void {
  const ink = getComputedStyle(box);
  const colour = (name: string) => ink.getPropertyValue(name).trim();
  const points = withGaps(link.points);
  const part = (before: boolean) => points.map(([at, value]) => (at < link.change === before ? value : null));
  const axis = { stroke: colour("--quiet"), font: `11px ${ink.fontFamily}`, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const line = (label: string, name: string): uPlot.Series => ({ label, stroke: colour(name), width: 1.8, points: { show: false }, spanGaps: false });
  const said = box.appendChild(Object.assign(document.createElement("output"), { className: "reading" }));
  const marks: [number, string, string][] = [[link.change, "change", "--quiet"], [0, "page", "--quiet"]];
  if (link.shows !== null) marks.push([link.shows, "shows", "--bar-error"]);
  const plot = new uPlot(
    {
      width: Math.max(180, box.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { sync: { key: "chain", scales: ["x", null] }, y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: true } },
      scales: { x: { time: false }, y: { range: (_self, low, high) => [Math.min(0, low), high > 0 ? high * 1.4 : 1] } },
      axes: [
        { ...axis, size: 24, space: 70, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800], values: (_self, splits) => splits.map((at) => (at === 0 ? "page" : span(at))) },
        { ...axis, size: 62, values: (_self, splits) => splits.map((value) => figure(value, link.unit)) },
      ],
      series: [{}, line("healthy", "--bar-info"), line("broken", "--bar-error")],
      hooks: { draw: [(self) => drawMarks(self, marks, colour)], setCursor: [(self) => say(self, said, link.unit)] },
    },
    [points.map(([at]) => at), part(true), part(false)],
    box,
  );
  box.onkeydown = (event) => step(plot, points, event);
  const observer = new ResizeObserver(() => {
    if (box.isConnected && box.contains(plot.root)) plot.setSize({ width: Math.max(180, box.clientWidth), height: HEIGHT });
    else observer.disconnect();
  });
  observer.observe(box);
}

function say(plot: uPlot, box: HTMLElement, unit: string): void {
  const at = plot.cursor.idx;
  const found = at === null || at === undefined ? null : (plot.data[1]?.[at] ?? plot.data[2]?.[at]);
  box.textContent = at === null || at === undefined ? "" : `${span(plot.data[0][at] ?? 0)}: ${figure(found, unit)}`;
}

function step(plot: uPlot, points: Point[], event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
  if (event.key === "Escape") plot.setData(plot.data);
  if (by === undefined) return;
  event.preventDefault();
  const from = plot.cursor.idx ?? (by > 0 ? -1 : points.length);
  const next = points[Math.min(points.length - 1, Math.max(0, from + by))];
  if (next) plot.setCursor({ left: plot.valToPos(next[0], "x"), top: 10 });
}

function drawMarks(plot: uPlot, marks: [number, string, string][], colour: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio || 1;
  const { min, max } = plot.scales.x ?? {};
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = "left"; // the axes leave theirs behind
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  marks.forEach(([at, text, name], number) => {
    if (min === undefined || max === undefined || min === null || max === null || at < min || at > max) return;
    const x = Math.round(plot.valToPos(at, "x", true));
    ctx.strokeStyle = ctx.fillStyle = colour(name);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(text).width;
    const fits = x + width + 6 * ratio < bbox.left + bbox.width;
    const place: [number, number] = [fits ? x + 4 * ratio : x - width - 4 * ratio, bbox.top + (11 + 13 * number) * ratio];
    ctx.save();
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = colour("--panel"); // a word can be read where a curve crosses it
    ctx.strokeText(text, ...place);
    ctx.restore();
    ctx.fillText(text, ...place);
  });
  ctx.restore();
}
