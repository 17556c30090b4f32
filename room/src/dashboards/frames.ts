// What a panel has been told: curves on common moments, which move on as time does. What is missing is a gap.
import type { PanelAnswer, Series, Value } from "./model";

export interface Window {
  first: number;
  last: number;
  step: number;
}

export class Frame {
  series: Series[] = [];
  private first = 0;
  private step = 0;
  /** The last moment that is known; 0 when nothing is. */
  last = 0;

  /** Take an answer in: its curves overwrite what was known from its first moment on; older than the window is forgotten. */
  take(answer: PanelAnswer, window: Window): void {
    if (this.step !== window.step || answer.first <= window.first || answer.first > this.last + window.step) this.series = [];
    const count = (window.last - window.first) / window.step + 1;
    const shift = this.series.length ? (window.first - this.first) / window.step : 0;
    const from = (answer.first - window.first) / window.step;
    const came = new Map((answer.curves ?? []).map((each) => [each[0], each]));
    const kept = this.series.map((each) => ({ ...each, values: moved(each.values, shift, count, from, came.get(each.key)?.[4]) }));
    const known = new Set(kept.map((each) => each.key));
    const fresh = (answer.curves ?? [])
      .filter((each) => !known.has(each[0]))
      .map(([key, ref, name, labels, values]) => ({ key, ref, name, labels, values: moved([], 0, count, from, values) }));
    this.series = [...kept, ...fresh].filter((each) => each.values.some((value) => value !== null));
    this.first = window.first;
    this.step = window.step;
    this.last = window.last;
  }
}

function moved(values: Value[], shift: number, count: number, from: number, came: Value[] = []): Value[] {
  return Array.from({ length: count }, (_, at) => (at >= from ? came[at - from] : values[at + shift]) ?? null);
}

export function times(window: Window): number[] {
  return Array.from({ length: (window.last - window.first) / window.step + 1 }, (_, at) => window.first + at * window.step);
}
