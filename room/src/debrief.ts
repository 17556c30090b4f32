import type { Link } from "./chain";

// What a debrief needs is loaded where there is one.
const dark = matchMedia("(prefers-color-scheme: dark)");

async function draw(): Promise<void> {
  const figures = [...document.querySelectorAll<HTMLElement>("[data-link]:not([data-drawn])")];
  const lanes = [...document.querySelectorAll<HTMLElement>("[data-timeline]:not([data-drawn])")];
  for (const each of [...figures, ...lanes]) each.dataset.drawn = "";
  if (lanes.length > 0) {
    const { timeline } = await import("./timeline");
    for (const each of lanes) timeline(each);
  }
  if (figures.length > 0) {
    const { chain } = await import("./chain");
    for (const each of figures) chain(each, JSON.parse(each.dataset.link ?? "") as Link);
  }
}

export function startDebrief(): void {
  void draw();
  document.body.addEventListener("htmx:load", () => void draw());
  dark.addEventListener("change", () => {
    for (const each of document.querySelectorAll<HTMLElement>("[data-link][data-drawn]")) {
      delete each.dataset.drawn;
      each.replaceChildren();
    }
    void draw();
  });
}
