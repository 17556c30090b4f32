const dark = matchMedia("(prefers-color-scheme: dark)");

// Small multiples: the library is loaded with the first one.
async function draw(box: HTMLElement): Promise<void> {
  const { small } = await import("./small");
  if (box.isConnected) small(box, JSON.parse(box.dataset.small ?? ""), dark.matches);
}

function drawAll(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-small]:not([data-done])")) {
    box.dataset.done = "";
    void draw(box);
  }
}

export function startSmalls(): void {
  drawAll();
  document.body.addEventListener("htmx:load", drawAll);
  dark.addEventListener("change", () => {
    for (const box of document.querySelectorAll<HTMLElement>("[data-small]")) {
      delete box.dataset.done;
      box.replaceChildren();
    }
    drawAll();
  });
}
