// Parts of a page that show what is now: each is asked for again some seconds after it came, while somebody sees it.
const TICK_MS = 250;

/** Return whether it is time to ask again, for a part that came at `came`; times in milliseconds. */
export function isDue(came: number, now: number, everySeconds: number): boolean {
  return now - came >= everySeconds * 1000;
}

function isSeen(part: Element): boolean {
  const { top, bottom } = part.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** Return the ids of what somebody has opened in a part. */
export function openedIn(part: ParentNode): string[] {
  return [...part.querySelectorAll("details[id][open]")].map((each) => each.id);
}

// What is open stays open, with what it says now.
function keepOpened(): void {
  let opened: string[] = [];
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = (event as CustomEvent<{ target: unknown }>).detail;
    opened = target instanceof Element && target.matches("[data-every]") ? openedIn(target) : [];
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    opened = [];
  });
}

export function startEvery(): void {
  keepOpened();
  const came = new WeakMap<Element, number>();
  const look = (): void => {
    if (document.hidden) return;
    const now = performance.now();
    for (const part of document.querySelectorAll<HTMLElement>("[data-every]")) {
      const since = came.get(part) ?? now;
      came.set(part, since);
      if (!isDue(since, now, Number(part.dataset.every)) || !isSeen(part) || part.matches(".htmx-request")) continue;
      came.set(part, now);
      part.dispatchEvent(new CustomEvent("room:again"));
    }
  };
  setInterval(look, TICK_MS);
}
