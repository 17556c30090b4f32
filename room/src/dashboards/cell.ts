// One panel: what it has been told, and how it is drawn.
import { element, say } from "./element";
import { Frame, type Window } from "./frames";
import { logLines } from "./loglines";
import type { Panel, PanelAnswer, Style } from "./model";
import { stat } from "./stat";
import { table } from "./table";
import { type Surroundings, TimeSeries } from "./timeseries";

export class Cell {
  readonly frame = new Frame();
  /** When it was asked last, by the clock of this page. */
  askedAt = -Infinity;
  private readonly body: HTMLElement;
  private readonly note = element("p", "note");
  private graph: TimeSeries | null = null;

  constructor(
    readonly root: HTMLElement,
    readonly panel: Panel,
    private readonly around: Surroundings,
  ) {
    this.body = root.querySelector<HTMLElement>(".body") as HTMLElement;
    this.note.hidden = true;
    root.append(this.note);
    if (["table", "logs"].includes(panel.kind)) this.body.tabIndex = 0; // it scrolls
  }

  take(answer: PanelAnswer, window: Window): void {
    this.root.classList.toggle("wrong", answer.problem !== undefined);
    if (answer.problem !== undefined) {
      this.frame.last = 0; // what was missed is asked for again
      return this.tell(answer.problem);
    }
    this.frame.take(this.isCurve() ? answer : { ...answer, first: window.first }, window);
    this.draw(answer, window);
  }

  /** Forget what was drawn, for other colours or another time. */
  reset(forget: boolean): void {
    this.graph?.destroy();
    this.graph = null;
    if (forget) this.frame.last = 0;
    this.askedAt = -Infinity;
  }

  redraw(): void {
    this.graph?.redraw();
  }

  private isCurve(): boolean {
    return this.panel.kind === "timeseries" || this.panel.kind === "stat";
  }

  private draw(answer: PanelAnswer, window: Window): void {
    const { panel, body, frame } = this;
    const { dark } = this.around;
    const lines = answer.lines ?? [];
    const empty = panel.kind === "logs" ? lines.length === 0 : frame.series.length === 0;
    const more = answer.left_out ? `${answer.left_out} more curves are left out` : "";
    this.tell(empty ? ((panel.style as Style).no_value ?? "No data") : more, empty);
    if (panel.kind === "timeseries") (this.graph ??= new TimeSeries(body, panel, this.around)).show(frame.series, window);
    else if (panel.kind === "stat") stat(body, panel, frame.series, dark);
    else if (panel.kind === "table") table(body, panel, empty ? [] : frame.series, window.last, dark);
    else if (panel.kind === "logs") logLines(body, lines, panel.look.oldest_first);
  }

  private tell(text: string, empty = false): void {
    this.note.hidden = !text;
    this.note.classList.toggle("empty", empty);
    say(this.note, text);
  }
}
