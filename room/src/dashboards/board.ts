// A dashboard that is kept fresh: one request brings what all panels in sight show; what is known is not asked again.
import { fetchMarks, type Mark } from "../marks";
import { clockTime } from "../time";
import { onZoom, type Span, zoomed, zoomTo } from "../zoom";
import { Cell } from "./cell";
import { say } from "./element";
import type { Window } from "./frames";
import type { Answer, Panel } from "./model";
import { offer } from "./picker";

const LEAST_MS = 1000;
const SLOW_MS = 5000;
const LONGEST_MS = 10_000;
const OVERLAP = 2;
/** The last moments are asked for again: samples of them may have come late. */

export class Board {
  private readonly cells = new Map<string, Cell>();
  private readonly seen = new Set<Cell>();
  private readonly watch: IntersectionObserver;
  private marks: Mark[] = [];
  private window: Window | null = null;
  private timer = 0;
  private asking = false;
  private failures = 0;
  private knowsOptions = false;
  private generation = 0;
  /** The time to go back to from a zoom. */
  usual: string;

  constructor(
    private readonly root: HTMLElement,
    private readonly form: HTMLFormElement,
    dark: boolean,
  ) {
    this.usual = form.dataset.usual ?? "15m";
    const around = { dark, marks: () => this.marks };
    this.watch = new IntersectionObserver((entries) => this.look(entries), { rootMargin: "150px" });
    for (const each of root.querySelectorAll<HTMLElement>("[data-panel]")) {
      const panel = JSON.parse(each.dataset.panel ?? "") as Panel;
      if (panel.kind === "text" || each.querySelector(".body") === null) continue;
      this.cells.set(String(panel.id), new Cell(each, panel, around));
      this.watch.observe(each);
    }
    document.addEventListener("visibilitychange", this.woken);
    for (const topic of ["changes", "alerts"]) document.body.addEventListener(`room:${topic}`, this.remark);
    void this.mark();
  }

  private get until(): string {
    return this.form.querySelector<HTMLInputElement>("[name=until]")?.value ?? "";
  }

  get isHere(): boolean {
    return this.root.isConnected;
  }

  end(): void {
    clearTimeout(this.timer);
    this.generation += 1;
    this.watch.disconnect();
    document.removeEventListener("visibilitychange", this.woken);
    for (const topic of ["changes", "alerts"]) document.body.removeEventListener(`room:${topic}`, this.remark);
    for (const each of this.cells.values()) each.reset(true);
  }

  /** Show another time: it is in the form, and with it in the address. */
  zoom(span: Span | null): void {
    if (span && !this.until) this.usual = this.form.querySelector<HTMLSelectElement>("[name=range]")?.value ?? this.usual;
    const until = span ? new Date(span.to * 1000).toISOString() : "";
    set(this.form, span ? `${span.to - span.from}s` : this.usual, until);
    history.replaceState(history.state, "", `?${this.asked()}`);
    this.generation += 1;
    this.asking = false;
    for (const each of this.cells.values()) each.reset(true);
    void this.mark();
    void this.refresh();
  }

  private readonly woken = (): void => {
    if (!document.hidden) void this.refresh();
  };

  private readonly remark = (): void => {
    if (!document.hidden) void this.mark();
  };

  private asked(): URLSearchParams {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && value) found.append(name, value);
    return found;
  }

  private look(entries: IntersectionObserverEntry[]): void {
    for (const each of entries) {
      const cell = this.cells.get(each.target.id.replace("panel-", ""));
      if (!cell) continue;
      if (each.isIntersecting) this.seen.add(cell);
      else this.seen.delete(cell);
    }
    if ([...this.seen].some((cell) => !this.knows(cell))) void this.refresh();
  }

  private knows(cell: Cell): boolean {
    return this.window !== null && cell.frame.last >= this.window.first && cell.frame.last > 0;
  }

  /** Ask for what the panels in sight lack, then draw it, then wait. */
  private async refresh(): Promise<void> {
    if (this.asking || document.hidden || !this.isHere) return;
    clearTimeout(this.timer);
    this.asking = true;
    const { generation } = this;
    try {
      await this.ask(generation);
    } finally {
      if (generation === this.generation) {
        this.asking = false;
        this.again();
      }
    }
  }

  private again(): void {
    const missing = [...this.seen].some((cell) => !this.knows(cell));
    if (this.until && !this.failures && !missing) return;
    const usual = Math.max(LEAST_MS, (this.window?.step ?? 1) * 1000);
    this.timer = window.setTimeout(() => void this.refresh(), Math.min(LONGEST_MS, usual * 2 ** Math.min(this.failures, 4)));
  }

  private async ask(generation: number): Promise<void> {
    const now = performance.now();
    const due = [...this.seen].filter((cell) => !cell.panel.slow || now - cell.askedAt >= SLOW_MS);
    if (due.length === 0) return;
    const known = due.filter((cell) => this.knows(cell));
    const begun = due.filter((cell) => !this.knows(cell));
    const query = this.asked();
    query.set("panels", known.map((cell) => cell.panel.id).join());
    query.set("begun", begun.map((cell) => cell.panel.id).join());
    const step = this.window?.step ?? 1;
    if (known.length) query.set("since", String(Math.min(...known.map((cell) => cell.frame.last)) - OVERLAP * step));
    if (!this.knowsOptions) query.set("options", "1");
    for (const cell of due) cell.askedAt = now;
    const answer = await this.fetched(query);
    if (answer && generation === this.generation && this.isHere) this.take(answer);
  }

  private async fetched(query: URLSearchParams): Promise<Answer | null> {
    try {
      const answer = await fetch(`${this.root.dataset.board}?${query}`, { headers: { "X-Refresh": "1" } });
      if (answer.ok) {
        this.failures = 0;
        return (await answer.json()) as Answer;
      }
      const said = answer.headers.get("Content-Type")?.includes("json") ? ((await answer.json()) as { problem: string }).problem : `the room answered ${answer.status}`;
      this.fail(said);
    } catch {
      this.fail("the room gives no answer");
    }
    return null;
  }

  private fail(text: string): void {
    this.failures += 1;
    this.tell(text, true);
  }

  private take(answer: Answer): void {
    this.window = { first: answer.first, last: answer.last, step: answer.step };
    for (const [id, told] of Object.entries(answer.panels)) this.cells.get(id)?.take(told, this.window);
    if (Object.keys(answer.options).length) offer(this.form, answer.options);
    this.knowsOptions = true;
    this.tell(this.until ? `${clockTime(answer.first)} – ${clockTime(answer.last)}` : `until ${clockTime(answer.last)}, every ${answer.step} s`, false);
  }

  private tell(text: string, wrong: boolean): void {
    const box = document.getElementById("freshness");
    if (!box) return;
    box.classList.toggle("wrong", wrong);
    say(box, text);
  }

  private async mark(): Promise<void> {
    const { generation } = this;
    const asked = this.asked();
    try {
      const found = await fetchMarks(this.root.dataset.marks ?? "", asked.get("range") ?? "15m", asked.get("until") ?? "");
      if (generation !== this.generation) return;
      this.marks = found;
      for (const each of this.cells.values()) each.redraw();
    } catch {
      // The room is away: the bar says so.
    }
  }
}

/** Put a time into the form: a choice that it has not yet, and until when. */
function set(form: HTMLFormElement, range: string, until: string): void {
  const select = form.querySelector<HTMLSelectElement>("[name=range]");
  if (!select) return;
  if (![...select.options].some((each) => each.value === range)) select.add(new Option(`last ${range}`, range));
  select.value = range;
  let hidden = form.querySelector<HTMLInputElement>("[name=until]");
  if (!hidden) {
    hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "until" });
    form.append(hidden);
  }
  hidden.value = until;
}

export function start(root: HTMLElement, form: HTMLFormElement): void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  let board = new Board(root, form, scheme.matches);
  scheme.addEventListener("change", () => {
    if (!board.isHere) return;
    board.end();
    board = new Board(root, form, scheme.matches);
  });
  onZoom((span) => {
    if (board.isHere) board.zoom(span);
  });
  document.body.addEventListener("htmx:beforeSwap", () => {
    setTimeout(() => {
      if (!board.isHere) board.end();
    });
  });
  // Another time that is chosen is no zoom any more.
  form.querySelector<HTMLSelectElement>("[name=range]")?.addEventListener("change", (event) => {
    board.usual = (event.target as HTMLSelectElement).value;
    const hidden = form.querySelector<HTMLInputElement>("[name=until]");
    if (hidden) hidden.value = "";
    if (zoomed()) zoomTo(null);
  });
}
