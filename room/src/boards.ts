// A dashboard's drawing is loaded when there is one.
async function draw(root: HTMLElement): Promise<void> {
  const { start } = await import("./dashboards/board");
  const { startPickers } = await import("./dashboards/picker");
  const form = document.querySelector<HTMLFormElement>("form.board-filters");
  if (!root.isConnected || !form) return;
  start(root, form);
  startPickers(form);
}

function drawAll(): void {
  const root = document.querySelector<HTMLElement>("[data-board]:not([data-drawn])");
  if (!root) return;
  root.dataset.drawn = "";
  void draw(root);
}

export function startBoards(): void {
  drawAll();
  document.body.addEventListener("htmx:load", drawAll);
}
