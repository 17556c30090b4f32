// What is read again every few seconds, while somebody sees the tab: data-every="5", and "tick" among its triggers.
const due = new WeakMap<Element, number>();

/** Return whether so many seconds have passed since it was read; the first time counts as read just now. */
export function isDue(element: Element, every: number, now: number): boolean {
  const at = due.get(element) ?? now + every * 1000;
  const is = now >= at;
  due.set(element, is ? now + every * 1000 : at);
  return is;
}

export function startEvery(): void {
  setInterval(() => {
    if (document.hidden) return;
    for (const each of document.querySelectorAll<HTMLElement>("[data-every]")) {
      if (isDue(each, Number(each.dataset.every), performance.now())) each.dispatchEvent(new CustomEvent("tick"));
    }
  }, 1000);
}
