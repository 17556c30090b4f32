// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { strokes } from "../src/marks";
import { onZoom, startZoom, withZoom, zoomed, zoomTo } from "../src/zoom";

beforeEach(() => {
  sessionStorage.clear();
  document.body.innerHTML = `<nav id="views"><ul><li><a href="/r/dashboards" data-key="d">D</a></li><li><a href="/r/logs?level=warn" data-key="l">L</a></li></ul></nav>`;
});

describe("the zoom", () => {
  it("is handed on to the other views, each in its own words, and taken back", () => {
    startZoom();
    zoomTo({ from: 1700000000.4, to: 1700000060 });
    const links = () => [...document.querySelectorAll("a")].map((each) => each.getAttribute("href"));
    expect(links()).toEqual(["/r/dashboards?range=60s&until=2023-11-14T22%3A14%3A20.000Z", "/r/logs?level=warn&since=60s&until=2023-11-14T22%3A14%3A20.000Z"]);
    document.querySelector<HTMLElement>(".zoomed button")?.click();
    expect(links()).toEqual(["/r/dashboards", "/r/logs?level=warn"]);
    expect(zoomed()).toBeNull();
  });

  it("goes along with a link that htmx follows as it was", () => {
    startZoom();
    zoomTo({ from: 1700000000, to: 1700000060 });
    const link = document.querySelector<HTMLAnchorElement>("[data-key=l]");
    const detail = { path: "/r/logs?level=warn" };
    link?.dispatchEvent(new CustomEvent("htmx:configRequest", { bubbles: true, detail }));
    expect(detail.path).toBe(link?.getAttribute("href"));
    expect(detail.path).toContain("since=60s");
  });

  it("is kept for the tab, never shorter than two seconds", () => {
    zoomTo({ from: 1700000000.2, to: 1700000000.6 });
    expect(zoomed()).toEqual({ from: 1700000000, to: 1700000002 });
  });

  it("is told to those who draw", () => {
    const heard = vi.fn();
    onZoom(heard);
    zoomTo({ from: 10, to: 20 });
    zoomTo(null);
    expect(heard.mock.calls).toEqual([[{ from: 10, to: 20 }], [null]]);
  });

  it("leaves the address of a view without time as it is", () => expect(withZoom("/r/answer", "answer", { from: 1, to: 9 })).toBe("/r/answer"));
});

describe("marks", () => {
  it("an alert begins and ends; a change is one line", () => {
    const alert = { at: 5, until: 9, kind: "alert", component: "gateway", text: "Slow", passing: false };
    const job = { at: 6, until: null, kind: "job", component: "jobs", text: "Report", passing: true };
    expect(strokes([alert, { ...alert, until: null }, job]).map((each) => [each.at, each.look])).toEqual([
      [5, "alert"],
      [9, "over"],
      [5, "alert"],
      [6, "passing"],
    ]);
  });
});
