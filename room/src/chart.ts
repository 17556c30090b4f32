// What every graph over time shares: one cursor, one zoom, marks, keys.
import uPlot from "uplot";
import { drawMarks, type Mark, saidNear } from "./marks";
import { clockTime } from "./time";
import { type Row, Tip } from "./tip";
import { zoomTo } from "./zoom";

const SHARED = "room";
const LEAST_PX = 5;

export interface Shown {
  marks: () => Mark[];
  rows: (at: number) => Row[];
  dark: boolean;
  more?: (at: number) => string[];
}

export function cursor(): uPlot.Cursor {
  const moves = (type: string) => type === "mousemove" || type === "mouseleave";
  return {
    drag: { x: true, y: false, setScale: false },
    points: { size: 6 },
    sync: { key: SHARED, setSeries: false, scales: ["x", null], filters: { pub: moves, sub: moves } },
    bind: { dblclick: () => () => (zoomTo(null), null) },
  };
}

export function timeAxis(axis: uPlot.Axis): uPlot.Axis {
  return { ...axis, size: 24, values: (_self, splits) => splits.map((at) => clockTime(at)) };
}

/** The part of a graph that tells: the tip under the pointer, the marks, the zoom by dragging, the keys. */
export function telling(shown: Shown): uPlot.Plugin {
  let tip: Tip;
  let within = false;
  const move = (self: uPlot): void => {
    const at = self.cursor.idx;
    if (!within || at === null || at === undefined || (self.cursor.left ?? -1) < 0) return tip.hide();
    tip.show(self, self.data[0][at] ?? 0, shown.rows(at), [...saidNear(self, shown.marks()), ...(shown.more?.(at) ?? [])]);
  };
  const init = (self: uPlot): void => {
    tip = new Tip(self.over);
    const enter = (now: boolean) => () => {
      within = now;
      if (!now) tip.hide();
    };
    self.over.addEventListener("pointerenter", enter(true));
    self.over.addEventListener("pointerleave", enter(false));
    const root = self.root;
    root.tabIndex = 0;
    root.setAttribute("role", "img");
    root.addEventListener("focus", enter(true));
    root.addEventListener("blur", enter(false));
    root.addEventListener("keydown", (event) => press(self, event));
  };
  const select = (self: uPlot): void => {
    const { left, width } = self.select;
    if (width < LEAST_PX) return;
    self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    zoomTo({ from: self.posToVal(left, "x"), to: self.posToVal(left + width, "x") });
  };
  return { hooks: { init, setCursor: move, setSelect: select, draw: (self) => drawMarks(self, shown.marks(), shown.dark) } };
}

/** Arrows move the cursor, with Shift they select, Enter zooms into it, Backspace goes back. */
function press(self: uPlot, event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
  const step = steps[event.key];
  if (step !== undefined) {
    const width = self.over.clientWidth;
    const old = (self.cursor.left ?? -1) < 0 ? width / 2 : (self.cursor.left ?? 0);
    const left = Math.min(width - 1, Math.max(0, old + (step * width) / 60));
    self.setCursor({ left, top: 10 }, true);
    if (event.shiftKey) extend(self, old, left);
  } else if (event.key === "Enter" && self.select.width >= LEAST_PX) {
    self.setSelect(self.select, true);
  } else if (event.key === "Backspace") {
    zoomTo(null);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function extend(self: uPlot, old: number, left: number): void {
  const { left: from, width } = self.select;
  const anchor = width === 0 ? old : old > from + width / 2 ? from : from + width;
  const low = Math.min(anchor, left);
  self.setSelect({ left: low, width: Math.abs(left - anchor), top: 0, height: self.over.clientHeight }, false);
}
