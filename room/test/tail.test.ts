// @vitest-environment jsdom
import { expect, it, vi } from "vitest";

vi.mock("htmx.org", () => ({ default: { process: vi.fn() } }));
const { takeIn } = await import("../src/tail");

const line = (id: string) => Object.assign(document.createElement("details"), { id });

it("takes each line in once, the newest first, and not more than there is room for", () => {
  const lines = document.createElement("div");
  lines.append(line("b"), line("a"));
  expect(takeIn(lines, [line("d"), line("c"), line("b")], 3)).toBe(2);
  expect([...lines.children].map((each) => each.id)).toEqual(["d", "c", "b"]);
});
