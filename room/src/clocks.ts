import { type Direction, reading } from "./time";

// Clocks count from what the server said when they were made: the clock of this machine may be wrong.
const made = new WeakMap<Element, number>();

function tick(): void {
  for (const clock of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    const since = made.get(clock) ?? performance.now();
    made.set(clock, since);
    const { clock: direction, seconds, low } = clock.dataset;
    const now = reading(direction as Direction, Number(seconds), (performance.now() - since) / 1000);
    if (clock.textContent !== now.text) clock.textContent = now.text;
    clock.classList.toggle("low", now.left < Number(low ?? -Infinity));
  }
}

export function startClocks(): void {
  tick();
  document.body.addEventListener("htmx:load", tick);
  setInterval(tick, 250);
}
