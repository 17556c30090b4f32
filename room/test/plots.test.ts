// @vitest-environment jsdom
import { expect, it, vi } from "vitest";

vi.mock("../src/plot", () => ({ plot: (figure: HTMLElement) => figure.append(document.createElement("canvas")) }));

it("draws graphs anew in other colours, and touches nothing that others drew", async () => {
  let change: () => void = () => undefined;
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: (_: string, hear: () => void) => (change = hear) }));
  document.body.innerHTML = `<figure data-plot="{}"></figure><div data-board="" data-drawn=""><p>panels</p></div>`;
  const { startPlots } = await import("../src/plots");
  startPlots();
  await vi.waitFor(() => expect(document.querySelectorAll("figure canvas").length).toBe(1));
  const first = document.querySelector("figure canvas");
  change();
  await vi.waitFor(() => expect(document.querySelectorAll("figure canvas").length).toBe(1));
  expect(document.querySelector("figure canvas")).not.toBe(first);
  expect(document.querySelector("[data-board] p")).not.toBeNull();
});
