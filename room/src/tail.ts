import htmx from "htmx.org";

const EVERY_MS = 1000;
const MOST_LINES = 1000;

/** Put lines that came before those that are there, each once; return how many are new. */
export function takeIn(lines: Element, came: Iterable<Element>, most = MOST_LINES): number {
  const known = new Set([...lines.children].map((each) => each.id));
  const fresh = [...came].filter((each) => !known.has(each.id));
  for (const each of fresh) each.classList.add("fresh");
  lines.prepend(...fresh);
  while (lines.children.length > most) lines.lastElementChild?.remove();
  return fresh.length;
}

export class Tail {
  private timer = 0;

  constructor(
    private readonly button: HTMLElement,
    private known: string,
  ) {}

  start(): void {
    this.button.setAttribute("aria-pressed", "true");
    void this.follow();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.button.setAttribute("aria-pressed", "false");
  }

  // The next look comes after the answer to the one before: a slow store is not asked more often than it answers.
  private async follow(): Promise<void> {
    if (!document.hidden) await this.look();
    const on = this.button.isConnected && this.button.getAttribute("aria-pressed") === "true";
    if (on) this.timer = window.setTimeout(() => void this.follow(), EVERY_MS);
  }

  private async look(): Promise<void> {
    const lines = document.getElementById("lines");
    const address = `${this.button.dataset.tail}${this.button.dataset.tail?.includes("?") ? "&" : "?"}known=${encodeURIComponent(this.known)}`;
    try {
      const answer = await fetch(address, { headers: { "X-Refresh": "1" } });
      // Asked too often, by all that is open, or the store had no time to answer: the next look is soon enough.
      if (answer.status === 429 || answer.status >= 500) return;
      if (!answer.ok || !lines) return this.stop();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const came = [...page.body.children];
      takeIn(lines, came);
      for (const each of came) htmx.process(each as HTMLElement);
      this.known = came[0]?.querySelector("time")?.getAttribute("datetime") ?? this.known;
    } catch {
      // The room is away: the bar says so, and the tail goes on when it is back.
    }
  }
}

export function startTail(): void {
  const tails = new WeakMap<HTMLElement, Tail>();
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-tail]");
    if (!button) return;
    const tail = tails.get(button) ?? new Tail(button, button.dataset.known ?? "");
    tails.set(button, tail);
    if (button.getAttribute("aria-pressed") === "true") tail.stop();
    else tail.start();
  });
}
