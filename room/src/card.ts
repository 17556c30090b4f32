// What a click on a part of the topology opens: its figures, and the ways on from it.
import type { Item } from "./drawing";

function element(name: string, text = "", className = ""): HTMLElement {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

function row(cells: string[], cell: "th" | "td"): HTMLElement {
  const found = element("tr");
  found.append(...cells.map((text) => element(cell, text)));
  return found;
}

function facts(item: Item): HTMLElement[] {
  if ("kind" in item) return [element("p", [item.kind, item.remark].filter(Boolean).join(", "), "empty")];
  const about = element("p", [item.via, item.missing].filter(Boolean).join(", "), "empty");
  if (item.figures.length === 0) return [about];
  const table = element("table");
  const [head, body] = [element("thead"), element("tbody")];
  head.append(row(["", "Now", "Healthy", ""], "th"));
  body.append(...item.figures.map((each) => row([each.name, each.now || "–", each.healthy || "–", each.odd], "td")));
  table.append(head, body);
  return [about, table];
}

export class Card {
  readonly box = element("div", "", "card panel");
  private opener: Element | null = null;
  private shown = "";

  constructor(private readonly figure: HTMLElement) {
    this.box.hidden = true;
    this.box.setAttribute("role", "dialog");
    figure.append(this.box);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    figure.addEventListener("click", (event) => {
      const inside = (event.target as Element).closest(".card, .choice");
      if (!inside) this.close();
    });
  }

  get id(): string {
    return this.shown;
  }

  open(item: Item, at: Element): void {
    this.opener = at;
    this.fill(item);
    this.box.hidden = false;
    this.put(at as SVGElement);
    this.box.querySelector("a")?.focus({ preventScroll: true });
  }

  /** Show newer figures, and leave the keyboard where it is. */
  fill(item: Item): void {
    const focused = [...this.box.querySelectorAll("a, button")].indexOf(document.activeElement as Element);
    const title = "kind" in item ? item.name : `${item.start} → ${item.end}`;
    const close = Object.assign(element("button", "×", "close"), { type: "button" });
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => this.close());
    const ways = element("ul", "", "ways");
    ways.append(...item.links.map((link) => {
      const one = element("li");
      one.append(Object.assign(element("a", link.text), { href: link.href }));
      return one;
    }));
    this.box.replaceChildren(element("h2", title), close, ...facts(item), ways);
    this.box.setAttribute("aria-label", title);
    this.shown = item.id;
    if (focused >= 0) ([...this.box.querySelectorAll<HTMLElement>("a, button")][focused] ?? close).focus();
  }

  close(): void {
    if (this.box.hidden) return;
    const inside = this.box.contains(document.activeElement);
    this.box.hidden = true;
    this.shown = "";
    if (inside && this.opener instanceof SVGElement) this.opener.focus({ preventScroll: true });
  }

  // Beside what it is about, and never out of the figure; where that is narrow, the style sheet puts it at the bottom.
  private put(at: SVGElement): void {
    const [around, place] = [this.figure.getBoundingClientRect(), at.getBoundingClientRect()];
    const most = Math.max(0, around.width - this.box.offsetWidth - 8);
    const right = place.right - around.left + 8;
    const left = right <= most ? right : place.left - around.left - this.box.offsetWidth - 8;
    this.box.style.left = `${Math.min(Math.max(left, 8), most)}px`;
    const lowest = Math.max(0, around.height - this.box.offsetHeight - 8);
    this.box.style.top = `${Math.min(Math.max(place.top - around.top, 8), lowest)}px`;
  }
}
