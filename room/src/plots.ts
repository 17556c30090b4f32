import { colour, type Graph } from "./series";

const dark = matchMedia("(prefers-color-scheme: dark)");

// The library is loaded when the first graph is drawn.
async function draw(figure: HTMLElement): Promise<void> {
  const graph = JSON.parse(figure.dataset.plot ?? "") as Graph;
  const { plot } = await import("./plot");
  if (figure.isConnected) plot(figure, graph, dark.matches);
}

function drawAll(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-plot]:not([data-drawn])")) {
    figure.dataset.drawn = "";
    void draw(figure);
  }
  for (const each of document.querySelectorAll<HTMLElement>("[data-series]")) {
    each.style.background = colour(Number(each.dataset.series), dark.matches);
  }
}

export function startPlots(): void {
  drawAll();
  document.body.addEventListener("htmx:load", drawAll);
  dark.addEventListener("change", () => {
    for (const figure of document.querySelectorAll<HTMLElement>("[data-plot][data-drawn]")) {
      delete figure.dataset.drawn;
      figure.replaceChildren();
    }
    drawAll();
  });
}
