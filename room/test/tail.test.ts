// @vitest-environment jsdom
import { expect, it, vi } from "vitest";

vi.mock("htmx.org", () => ({ default: { process: vi.fn() } }));
const { Tail, takeIn } = await import("../src/tail");

const line = (id: string) => Object.assign(document.createElement("details"), { id });

it("takes each line in once, the newest first, and not more than there is room for", () => {
  const lines = document.createElement("div");
  lines.append(line("b"), line("a"));
  expect(takeIn(lines, [line("d"), line("c"), line("b")], 3)).toBe(2);
  expect([...lines.children].map((each) => each.id)).toEqual(["d", "c", "b"]);
});

it("goes on after answers that it did not get", async () => {
  vi.useFakeTimers();
  const page = (id: string) => `<details id="${id}"><time datetime="2031-05-03T12:00:00Z"></time></details>`;
  const answers = [new Response("", { status: 429 }), new Response("", { status: 502 }), new Response(page("new"))];
  const asked = vi.fn(() => Promise.resolve(answers.shift() ?? new Response("")));
  vi.stubGlobal("fetch", asked);
  document.body.innerHTML = `<button data-tail="/newer"></button><div id="lines"></div>`;
  new Tail(document.querySelector("button") as HTMLElement, "2031-05-03T11:59:00Z").start();
  await vi.advanceTimersByTimeAsync(3500);
  expect(document.querySelector("#lines #new")).not.toBeNull();
  expect(asked).toHaveBeenLastCalledWith("/newer?known=2031-05-03T12%3A00%3A00Z", expect.anything());
  vi.useRealTimers();
});
