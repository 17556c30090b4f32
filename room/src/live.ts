// The stream of this tab. It is closed while nobody sees the tab, and goes on from what the tab has seen.
const TOPICS = ["incident", "alerts", "changes", "logbook", "errand", "postmortem", "sources", "team"];
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

interface Away {
  source: string;
  since: string;
}

/** Return how long to wait before the stream is opened for the nth time in a row. */
export function waitMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** Return the address of the stream that goes on after what was seen. */
export function addressOf(stream: string, seen: string): string {
  return seen ? `${stream}?seen=${encodeURIComponent(seen)}` : stream;
}

class Live {
  private source: EventSource | null = null;
  private timer = 0;
  private failures = 0;
  private lostAt = 0;

  constructor(
    private readonly stream: string,
    private seen: string,
  ) {}

  open(): void {
    if (this.source || document.hidden) return;
    clearTimeout(this.timer);
    const source = new EventSource(addressOf(this.stream, this.seen));
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.lostAt = 0;
      this.show();
    };
    source.onerror = () => this.again();
    for (const topic of TOPICS) source.addEventListener(topic, (event) => this.take(topic, event));
    source.addEventListener("gone", () => this.end());
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  show(): void {
    const link = document.getElementById("link");
    if (!link) return;
    const [state, text] = this.said();
    link.dataset.state = state;
    if (link.textContent !== text) link.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
  }

  private said(): [string, string] {
    if (this.lostAt) return ["lost", `no answer since ${new Date(this.lostAt).toLocaleTimeString([], { hour12: false })}`];
    return this.source?.readyState === EventSource.OPEN ? ["live", "live"] : ["new", "connecting"];
  }

  private take(topic: string, event: MessageEvent<string>): void {
    this.seen = event.lastEventId || this.seen;
    if (topic === "sources") showAway(JSON.parse(event.data) as Away[]);
    document.body.dispatchEvent(new CustomEvent(`room:${topic}`));
  }

  // The browser's own attempts would ask for what this tab has seen when it opened the stream first: ours ask anew.
  private again(): void {
    this.close();
    this.failures += 1;
    if (this.failures > 1) this.lostAt ||= Date.now();
    this.show();
    this.timer = window.setTimeout(() => this.open(), waitMs(this.failures));
  }

  private end(): void {
    this.close();
    this.lostAt = Date.now();
    this.show();
  }
}

function showAway(away: Away[]): void {
  const box = document.getElementById("away");
  if (!box) return;
  box.hidden = away.length === 0;
  box.replaceChildren(
    ...away.map((each) => {
      const since = new Date(each.since).toLocaleTimeString([], { hour12: false });
      return Object.assign(document.createElement("span"), { textContent: `${each.source} has not answered since ${since}` });
    }),
  );
}

export function startLive(): void {
  const { stream, seen } = document.body.dataset;
  if (!stream) return;
  const live = new Live(stream, seen ?? "");
  document.addEventListener("visibilitychange", () => (document.hidden ? live.close() : live.open()));
  window.addEventListener("pagehide", () => live.close());
  window.addEventListener("pageshow", () => live.open());
  document.body.addEventListener("htmx:load", () => live.show());
  live.open();
}
