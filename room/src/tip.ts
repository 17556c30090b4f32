// What stands under the pointer in a graph.
import type uPlot from "uplot";
import { clockTime } from "./time";

export interface Row {
  name: string;
  colour: string;
  value: number;
  text: string;
}

const MOST_SHOWN = 12;

/** A box that says the time, the values, the greatest first, and what is marked there. */
export class Tip {
  private readonly box = Object.assign(document.createElement("div"), { className: "tip", hidden: true });

  constructor(over: HTMLElement) {
    over.append(this.box);
  }

  hide(): void {
    this.box.hidden = true;
  }

  show(self: uPlot, at: number, rows: Row[], marked: string[]): void {
    const shown = [...rows].sort((one, other) => other.value - one.value);
    this.box.hidden = false;
    this.box.replaceChildren(line(clockTime(at), "tip-time"), ...marked.map((each) => line(each, "tip-mark")), ...shown.slice(0, MOST_SHOWN).map(told));
    if (shown.length > MOST_SHOWN) this.box.append(line(`and ${shown.length - MOST_SHOWN} more`, "tip-time"));
    const left = self.cursor.left ?? 0;
    const over = self.over.clientWidth;
    this.box.style.left = left > over / 2 ? "" : `${left + 12}px`;
    this.box.style.right = left > over / 2 ? `${over - left + 12}px` : "";
  }
}

function told(row: Row): HTMLElement {
  const found = line("", "tip-row");
  const swatch = Object.assign(document.createElement("i"), { className: "swatch" });
  swatch.style.background = row.colour;
  found.append(swatch, line(row.name, "tip-name"), line(row.text, "tip-value"));
  return found;
}

function line(text: string, className: string): HTMLElement {
  return Object.assign(document.createElement("span"), { textContent: text, className });
}
