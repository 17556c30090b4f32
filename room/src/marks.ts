// What is marked on graphs: changes, and when alerts paged. It is asked for once for all graphs of a page.
import type uPlot from "uplot";
import { clockTime } from "./time";

export interface Mark {
  at: number;
  until: number | null;
  kind: string;
  component: string;
  text: string;
  passing: boolean;
}

const NEAR_PX = 5;
const COLOURS: Record<string, [light: string, dark: string]> = {
  alert: ["#b3261e", "#ff8f85"],
  over: ["#1e6b3a", "#7dd19a"],
  change: ["#2f55c8", "#8fabff"],
  passing: ["#8a8f98", "#737a85"],
};

export async function fetchMarks(address: string, range: string, until = ""): Promise<Mark[]> {
  const query = new URLSearchParams({ range, ...(until ? { until } : {}) });
  const answer = await fetch(`${address}?${query}`, { headers: { "X-Refresh": "1" } });
  return answer.ok ? ((await answer.json()) as { marks: Mark[] }).marks : [];
}

/** A line on a graph: where, which colour, what it says. */
export interface Stroke {
  at: number;
  look: string;
  text: string;
}

/** Return the lines that marks make: an alert has one where it begins, and one where it ends. */
export function strokes(marks: Mark[]): Stroke[] {
  return marks.flatMap((mark) => {
    const who = mark.component ? ` (${mark.component})` : "";
    if (mark.kind !== "alert") {
      return [{ at: mark.at, look: mark.passing ? "passing" : "change", text: `${mark.kind} of ${mark.component}: ${mark.text}` }];
    }
    const begins = { at: mark.at, look: "alert", text: `${mark.text}${who} pages` };
    return mark.until === null ? [begins] : [begins, { at: mark.until, look: "over", text: `${mark.text}${who} pages no more` }];
  });
}

/** Draw the marks onto a graph: a dashed line each, with a foot on the axis. */
export function drawMarks(self: uPlot, marks: Mark[], dark: boolean): void {
  const { ctx, bbox } = self;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  for (const each of strokes(marks)) {
    const x = Math.round(self.valToPos(each.at, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = COLOURS[each.look]?.[dark ? 1 : 0] ?? "gray";
    ctx.globalAlpha = each.look === "passing" ? 0.45 : 0.85;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + bbox.height - 5 * ratio);
    ctx.lineTo(x - 4 * ratio, bbox.top + bbox.height);
    ctx.lineTo(x + 4 * ratio, bbox.top + bbox.height);
    ctx.fill();
  }
  ctx.restore();
}

/** Return what the marks near the pointer say. */
export function saidNear(self: uPlot, marks: Mark[]): string[] {
  const left = self.cursor.left ?? -1;
  if (left < 0) return [];
  return strokes(marks)
    .filter((each) => Math.abs(self.valToPos(each.at, "x") - left) <= NEAR_PX)
    .map((each) => `${clockTime(each.at)} ${each.text}`);
}
