// The timeline of a debrief: zoomed by changing what its drawings show, filtered by lane, an entry shown on a click.
const WHOLE = 1000;
const LEAST = 4;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400];

export interface Part {
  from: number;
  to: number;
}

/** Return a part of the whole, moved and narrowed so that it lies within. */
export function within({ from, to }: Part): Part {
  const width = Math.min(WHOLE, Math.max(LEAST, to - from));
  const start = Math.min(WHOLE - width, Math.max(0, from));
  return { from: start, to: start + width };
}

/** Return a part closer by (below 1) or farther away (above 1), with the same middle. */
export function scaled({ from, to }: Part, factor: number): Part {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return within({ from: middle - half, to: middle + half });
}

/** Return moments for the ticks of an axis, at round distances, at most so many. */
export function ticks(start: number, end: number, most: number): number[] {
  const step = STEPS.find((each) => (end - start) / each <= most) ?? STEPS[STEPS.length - 1] ?? 1;
  const first = Math.ceil(start / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((end - first) / step) + 1) }, (_, at) => first + at * step);
}

/** Return a span as people read it: 38 s, -5m 30s, 2h 05m. */
export function span(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? "-" : "";
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  if (hours > 0) return `${sign}${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${sign}${minutes}m ${two(rest)}s` : `${sign}${rest} s`;
}

class Timeline {
  private part: Part = { from: 0, to: WHOLE };
  private chosen = -1;
  private readonly lanes: HTMLElement;
  private readonly rows: HTMLElement[];
  private readonly dots: SVGAElement[];

  constructor(
    private readonly root: HTMLElement,
    section: Element,
  ) {
    this.lanes = root.querySelector<HTMLElement>(".dots") ?? root;
    this.rows = [...section.querySelectorAll<HTMLElement>("[data-of]")];
    this.dots = [...root.querySelectorAll<SVGAElement>("[data-event]")];
    this.listen();
    this.zoom("incident");
    new ResizeObserver(() => this.drawAxis()).observe(this.lanes);
  }

  private listen(): void {
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("change", () => this.filter());
    this.lanes.addEventListener("keydown", (event) => this.press(event));
    this.lanes.addEventListener("pointerdown", (event) => this.drag(event));
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const button = target.closest<HTMLElement>("[data-zoom]");
    if (button) this.zoom(button.dataset.zoom ?? "");
    const dot = target.closest<SVGAElement>("[data-event]");
    if (!dot) return;
    event.preventDefault();
    this.choose(Number(dot.dataset.event));
  }

  private zoom(how: string): void {
    const incident = { from: Number(this.root.dataset.from), to: Number(this.root.dataset.to) };
    if (how === "incident") this.show(within(incident));
    else if (how === "all") this.show({ from: 0, to: WHOLE });
    else this.show(scaled(this.part, how === "in" ? 0.5 : 2));
    for (const each of this.root.querySelectorAll<HTMLElement>('[data-zoom="incident"], [data-zoom="all"]')) {
      each.setAttribute("aria-pressed", String(each.dataset.zoom === how));
    }
  }

  private show(part: Part): void {
    this.part = part;
    for (const each of this.lanes.querySelectorAll("svg")) {
      each.setAttribute("viewBox", `${part.from} 0 ${part.to - part.from} 12`);
    }
    this.drawAxis();
  }

  private seconds(place: number): number {
    const [start, end] = [Number(this.root.dataset.start), Number(this.root.dataset.end)];
    return start + (place / WHOLE) * (end - start);
  }

  private drawAxis(): void {
    const axis = this.root.querySelector<HTMLElement>("[data-axis]");
    if (!axis) return;
    const [from, to] = [this.seconds(this.part.from), this.seconds(this.part.to)];
    const most = Math.max(2, Math.floor(axis.clientWidth / 80));
    axis.replaceChildren(
      ...ticks(from, to, most).map((at) => {
        const tick = Object.assign(document.createElement("span"), { textContent: at === 0 ? "page" : span(at) });
        tick.style.left = `${((at - from) / (to - from)) * 100}%`;
        return tick;
      }),
    );
  }

  private filter(): void {
    const off = new Set([...this.root.querySelectorAll<HTMLInputElement>("input[data-lane]:not(:checked)")].map((each) => each.dataset.lane));
    for (const each of this.root.querySelectorAll<SVGElement>("svg[data-lane]")) each.classList.toggle("off", off.has(each.dataset.lane));
    for (const each of this.rows) each.hidden = off.has(each.dataset.of);
  }

  private choose(number: number): void {
    this.rows[this.chosen]?.classList.remove("current");
    for (const each of this.dots) each.classList.toggle("current", Number(each.dataset.event) === number);
    this.chosen = number;
    const row = this.rows[number];
    const entry = this.root.querySelector("[data-entry]");
    if (!row || !entry) return;
    row.classList.add("current");
    row.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.root.scrollIntoView({ block: "nearest" });
    const texts = [...row.querySelectorAll("td")].map((each) => each.textContent?.trim() ?? "").filter((each) => each !== "");
    entry.replaceChildren(
      ...texts.map((text, at) => Object.assign(document.createElement(at === 0 ? "b" : "span"), { textContent: text })),
    );
    this.reveal(number);
  }

  /** Move what is shown so that an event is in it. */
  private reveal(number: number): void {
    const line = this.dots.find((each) => Number(each.dataset.event) === number)?.querySelector("line");
    const place = Number(line?.getAttribute("x1") ?? this.part.from);
    const { from, to } = this.part;
    if (place < from || place > to) this.show(within({ from: place - (to - from) / 2, to: place + (to - from) / 2 }));
  }

  private press(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (event.key === "Escape") this.zoom("all");
    if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? "in" : "out");
    if (step === undefined) return;
    event.preventDefault();
    const shown = this.rows.flatMap((each, at) => (each.hidden ? [] : [at]));
    const now = shown.indexOf(this.chosen);
    const first = shown.findIndex((at) => this.placeOf(at) >= this.part.from);
    const next = now < 0 ? Math.max(0, first) : Math.min(shown.length - 1, Math.max(0, now + step));
    const found = shown[next];
    if (found !== undefined) this.choose(found);
  }

  private placeOf(number: number): number {
    return Number(this.dots.find((each) => Number(each.dataset.event) === number)?.querySelector("line")?.getAttribute("x1") ?? 0);
  }

  /** Zoom to what the pointer was dragged over. */
  private drag(down: PointerEvent): void {
    const drawing = this.lanes.querySelector("svg");
    if (down.button !== 0 || !drawing || !(down.target as Element).closest("svg, .axis")) return;
    const box = drawing.getBoundingClientRect();
    const place = (event: PointerEvent) =>
      this.part.from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (this.part.to - this.part.from);
    const began = place(down);
    const up = (event: PointerEvent): void => {
      const ended = place(event);
      if (Math.abs(event.clientX - down.clientX) > 8) this.show(within({ from: Math.min(began, ended), to: Math.max(began, ended) }));
    };
    window.addEventListener("pointerup", up, { once: true });
  }
}

export function timeline(root: HTMLElement): void {
  new Timeline(root, root.closest("section") ?? document.body);
}
