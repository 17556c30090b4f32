// Curves over time: thresholds, stacks, two axes, a legend with figures.
import uPlot from "uplot";
import { cursor, telling, timeAxis } from "../chart";
import type { Mark } from "../marks";
import { lineColours, shade } from "./colours";
import { element } from "./element";
import { times, type Window } from "./frames";
import { legend } from "./legend";
import { type Panel, type Series, type Style, styleOf, type Value } from "./model";
import { stacked } from "./stacks";
import { format } from "./units";

export interface Surroundings {
  dark: boolean;
  marks: () => Mark[];
}

export class TimeSeries {
  private chart: uPlot | null = null;
  private drawn = "";
  private only = "";
  private series: Series[] = [];
  private window: Window = { first: 0, last: 0, step: 1 };
  private readonly field = element("div", "field");
  private readonly legend = element("div", "legend-box");
  private readonly observer: ResizeObserver;

  constructor(
    private readonly body: HTMLElement,
    private readonly panel: Panel,
    private readonly around: Surroundings,
  ) {
    body.replaceChildren(this.field, this.legend);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.field);
  }

  show(series: Series[], window: Window): void {
    this.series = series;
    this.window = window;
    const styles = series.map((each) => styleOf(this.panel, each.name, each.ref));
    const shown = series.map((each) => !this.only || each.key === this.only);
    const drawn = [this.only, ...series.map((each) => each.key)].join();
    if (!this.chart || drawn !== this.drawn) this.rebuild(styles, shown);
    else this.chart.setData(this.data(styles, shown));
    this.drawn = drawn;
    if (this.panel.look.legend.shown) {
      const colours = lineColours(series, styles, this.around.dark);
      legend(this.legend, this.panel.look.legend, series, styles, colours, this.only, (key) => this.toggle(key));
    }
  }

  redraw(): void {
    this.chart?.redraw(false);
  }

  destroy(): void {
    this.observer.disconnect();
    this.chart?.destroy();
  }

  private toggle(key: string): void {
    this.only = this.only === key ? "" : key;
    this.show(this.series, this.window);
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.field;
    if (this.chart && width > 0 && height > 0) this.chart.setSize({ width, height });
  }

  private data(styles: Style[], shown: boolean[]): uPlot.AlignedData {
    return [times(this.window), ...stacked(this.series, styles, shown)] as uPlot.AlignedData;
  }

  private rebuild(styles: Style[], shown: boolean[]): void {
    this.chart?.destroy();
    const { dark } = this.around;
    const colours = lineColours(this.series, styles, dark);
    const lowest = styles.findIndex((style, at) => isStacked(style) && shown[at]);
    const options: uPlot.Options = {
      width: Math.max(40, this.field.clientWidth),
      height: Math.max(40, this.field.clientHeight),
      legend: { show: false },
      cursor: cursor(),
      scales: this.scales(styles),
      axes: this.axes(styles),
      bands: bands(styles, shown, colours),
      series: [{}, ...this.series.map((each, at) => line(each, styles[at] ?? {}, colours[at] ?? "", shown[at] ?? true, at === lowest))],
      plugins: [telling({ marks: this.around.marks, rows: (at) => this.rows(at), dark }), this.thresholds()],
    };
    this.chart = new uPlot(options, this.data(styles, shown), this.field);
    this.chart.root.setAttribute("aria-label", `${this.panel.title}: arrow keys move the cursor, with Shift they select, Enter zooms`);
  }

  private rows(at: number): { name: string; colour: string; value: number; text: string }[] {
    const styles = this.series.map((each) => styleOf(this.panel, each.name, each.ref));
    const colours = lineColours(this.series, styles, this.around.dark);
    return this.series.flatMap((each, number) => {
      const value = each.values[at] ?? null;
      if (value === null || (this.only && each.key !== this.only)) return [];
      const { unit, decimals, name } = styles[number] ?? {};
      return [{ name: name ?? (each.name || this.panel.title), colour: colours[number] ?? "", value, text: format(value, unit, decimals) }];
    });
  }

  private scales(styles: Style[]): uPlot.Scales {
    const found: uPlot.Scales = { x: { time: true, range: () => [this.window.first, this.window.last] } };
    for (const side of ["y", "right"]) {
      const style = styles.find((each) => scaleOf(each) === side) ?? this.panel.style;
      found[side] = style.log ? { distr: 3, log: style.log === 2 ? 2 : 10 } : { range: (_self, low, high) => bounds(low, high, style) };
    }
    return found;
  }

  private axes(styles: Style[]): uPlot.Axis[] {
    const { dark } = this.around;
    const family = getComputedStyle(this.field).fontFamily;
    const axis = { stroke: dark ? "#9aa1ab" : "#5b6068", font: `11px ${family}`, ticks: { show: false } };
    const grid = { stroke: dark ? "#2b2f34" : "#e6e6e1", width: 1 };
    const side = (scale: string): uPlot.Axis => {
      const style = styles.find((each) => scaleOf(each) === scale) ?? this.panel.style;
      const right = scale === "right";
      const shown = right ? styles.some((each) => scaleOf(each) === "right") : style.axis !== "hidden";
      const values = (_self: uPlot, splits: number[]) => splits.map((value) => (value === null ? "" : format(value, style.unit, tickDecimals(style))));
      return { ...axis, scale, side: right ? 1 : 3, show: shown, grid: right ? { show: false } : grid, size: 66, space: 24, values, label: style.axis_label || undefined, labelSize: 16 };
    };
    return [{ ...timeAxis(axis), grid, space: 70 }, side("y"), side("right")];
  }

  private thresholds(): uPlot.Plugin {
    const { style } = this.panel;
    const mode = style.threshold_lines ?? "off";
    const draw = (self: uPlot): void => {
      if (mode === "off") return;
      const { ctx, bbox } = self;
      ctx.save();
      for (const step of style.steps ?? []) {
        if (step.value === undefined || step.color === "transparent") continue;
        const y = self.valToPos(step.value, "y", true);
        if (y < bbox.top || y > bbox.top + bbox.height) continue;
        ctx.strokeStyle = ctx.fillStyle = shade(step.color, this.around.dark);
        if (mode.includes("area")) {
          ctx.globalAlpha = 0.08;
          ctx.fillRect(bbox.left, bbox.top, bbox.width, y - bbox.top);
        }
        ctx.globalAlpha = 0.8;
        ctx.lineWidth = devicePixelRatio;
        if (mode.includes("dashed")) ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
        if (mode === "area") continue;
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
      ctx.restore();
    };
    return { hooks: { draw } };
  }
}

function scaleOf(style: Style): "y" | "right" {
  return style.axis === "right" ? "right" : "y";
}

function tickDecimals(style: Style): number | undefined {
  return style.decimals === 0 && (style.unit === undefined || style.unit === "none") ? 0 : undefined;
}

/** Return the ends of an axis: what the panel says, else round the values, with room above. */
export function bounds(low: Value, high: Value, style: Style): [number, number] {
  const least = Math.min(low ?? 0, style.soft_min ?? Infinity);
  const most = Math.max(high ?? 1, style.soft_max ?? -Infinity);
  const from = style.min ?? (least >= 0 && least < most * 0.7 ? 0 : least - (most - least) * 0.06);
  const to = style.max ?? (most > from ? from + (most - from) * 1.08 : from + 1);
  return [from, to > from ? to : from + 1];
}

function line(series: Series, style: Style, colour: string, shown: boolean, lowest: boolean): uPlot.Series {
  const bars = style.draw === "bars" ? { paths: uPlot.paths.bars?.({ size: [0.8, 40] }) } : {};
  const within = isStacked(style);
  const fill = within ? Math.max(0.15, (style.fill ?? 0) / 100) : (style.fill ?? 0) / 100;
  return {
    label: series.name,
    scale: scaleOf(style),
    show: shown,
    stroke: colour,
    width: style.draw === "points" ? 0 : (style.width ?? 1) + 0.4,
    fill: fill > 0 && (!within || lowest) ? faded(colour, fill) : undefined,
    dash: style.dash,
    points: { show: style.draw === "points" || style.points === "always", size: 4 },
    spanGaps: style.span_gaps ?? false,
    ...bars,
  };
}

function isStacked(style: Style): boolean {
  return style.stack === "normal" || style.stack === "percent";
}

function bands(styles: Style[], shown: boolean[], colours: string[]): uPlot.Band[] {
  const found: uPlot.Band[] = [];
  let below = 0;
  styles.forEach((style, at) => {
    if (!isStacked(style) || !shown[at]) return;
    const fill = faded(colours[at] ?? "", Math.max(0.15, (style.fill ?? 0) / 100));
    if (below > 0) found.push({ series: [at + 1, below], fill });
    below = at + 1;
  });
  return found;
}

function faded(colour: string, opacity: number): string {
  return `color-mix(in srgb, ${colour} ${Math.round(opacity * 100)}%, transparent)`;
}
