// @vitest-environment jsdom
import { expect, test } from "vitest";
import { figure, withGaps } from "../src/figures";
import { scaled, span, ticks, timeline, within } from "../src/timeline";

test("a part lies within the whole, and is never too narrow", () => {
  expect(within({ from: -50, to: 100 })).toEqual({ from: 0, to: 150 });
  expect(within({ from: 990, to: 1100 })).toEqual({ from: 890, to: 1000 });
  expect(within({ from: 500, to: 500 })).toEqual({ from: 500, to: 504 });
  expect(scaled({ from: 400, to: 600 }, 0.5)).toEqual({ from: 450, to: 550 });
  expect(scaled({ from: 0, to: 800 }, 4)).toEqual({ from: 0, to: 1000 });
});

test("ticks are round, and not too many", () => {
  expect(ticks(-70, 130, 4)).toEqual([-60, 0, 60, 120]);
  expect(ticks(-3700, 300, 5)).toEqual([-3600, -2700, -1800, -900, 0]);
  for (let most = 2; most < 12; most += 1) expect(ticks(-4012.5, 633, most).length).toBeLessThanOrEqual(most + 1);
});

test("spans and figures are as people read them", () => {
  expect([-330, 38, 7500, -0.2].map(span)).toEqual(["-5m 30s", "38 s", "2h 05m", "0 s"]);
  expect([figure(0.25, "s"), figure(1.5, "s"), figure(0.034, "ratio"), figure(12, "req/s"), figure(null, "s")]).toEqual([
    "250 ms", "1.5 s", "3.4%", "12 req/s", "–",
  ]);
});

test("a gap in the measurements is a gap in the curve", () => {
  expect(withGaps([[0, 1], [1, 1], [2, 1], [10, 1]])).toEqual([[0, 1], [1, 1], [2, 1], [9, null], [10, 1]]);
});

function page(): HTMLElement {
  document.body.innerHTML = `<section>
    <div data-timeline data-start="-100" data-end="100" data-from="400" data-to="800">
      <button data-zoom="incident"></button><button data-zoom="all"></button><button data-zoom="in"></button>
      <div class="dots" tabindex="0">
        <input type="checkbox" checked data-lane="page"><svg data-lane="page"><a data-event="0"><line x1="500"></line></a></svg>
        <input type="checkbox" checked data-lane="look-up"><svg data-lane="look-up"><a data-event="1"><line x1="900"></line></a></svg>
        <div data-axis></div>
      </div>
      <output data-entry></output>
    </div>
    <table><tbody><tr data-of="page"><td>0 s</td><td>page</td></tr><tr data-of="look-up"><td>38 s</td><td>look-up</td></tr></tbody></table>
  </section>`;
  globalThis.ResizeObserver = class { observe(): void {} unobserve(): void {} disconnect(): void {} };
  Element.prototype.scrollIntoView = () => {};
  const root = document.querySelector<HTMLElement>("[data-timeline]") as HTMLElement;
  timeline(root);
  return root;
}

test("a timeline begins with the incident, shows an entry, moves to it, and filters", () => {
  const root = page();
  const shown = () => root.querySelector("svg")?.getAttribute("viewBox");
  expect(shown()).toBe("400 0 400 12");
  root.querySelector<HTMLElement>("[data-zoom=in]")?.click();
  expect(shown()).toBe("500 0 200 12");
  root.querySelector<SVGElement>("[data-event='1']")?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  expect(root.querySelector("[data-entry]")?.textContent).toBe("38 slook-up");
  expect(document.querySelector("tr.current td")?.textContent).toBe("38 s");
  expect(shown()).toBe("800 0 200 12");
  root.querySelector<HTMLElement>(".dots")?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  expect([...document.querySelectorAll("tr.current")].map((each) => each.textContent)).toEqual(["0 spage"]);
  root.querySelector<HTMLInputElement>("input[data-lane=page]")?.click();
  expect(document.querySelector<HTMLElement>("[data-of=page]")?.hidden).toBe(true);
});
