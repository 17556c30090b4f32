// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressOf, startLive, waitMs } from "../src/live";

class FakeSource extends EventTarget {
  static readonly OPEN = 1;
  static all: FakeSource[] = [];
  readyState = 1;
  closed = false;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  close(): void {
    this.closed = true;
  }

  send(topic: string, lastEventId: string, data = "{}"): void {
    this.dispatchEvent(new MessageEvent(topic, { lastEventId, data }));
  }
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

const last = () => FakeSource.all.at(-1) as FakeSource;

beforeEach(() => {
  FakeSource.all = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  document.body.innerHTML = `<p id="link"></p><p id="away" hidden></p>`;
  document.body.dataset.stream = "/room/lab/stream";
  document.body.dataset.seen = "alerts=1";
  startLive();
  last().onopen?.();
});

afterEach(() => {
  hide(false);
  vi.useRealTimers();
});

describe("the stream of a tab", () => {
  it("begins where the page ended", () => expect(last().url).toBe("/room/lab/stream?seen=alerts%3D1"));

  it("tells the views what is new", () => {
    const heard = vi.fn();
    document.body.addEventListener("room:alerts", heard);
    last().send("alerts", "alerts=2");
    expect(heard).toHaveBeenCalledOnce();
  });

  it("is closed while nobody sees the tab, and goes on from what was seen", () => {
    const first = last();
    first.send("alerts", "alerts=2");
    hide(true);
    expect(first.closed).toBe(true);
    hide(false);
    expect(last()).not.toBe(first);
    expect(last().url).toContain("alerts%3D2");
  });

  it("comes back by itself, and only then again and again says that it is lost", () => {
    last().send("alerts", "alerts=3");
    last().onerror?.();
    vi.advanceTimersByTime(1000);
    expect(FakeSource.all).toHaveLength(2);
    expect(last().url).toContain("alerts%3D3");
    last().onerror?.();
    expect(document.getElementById("link")?.textContent).toContain("no answer since");
    vi.advanceTimersByTime(2000);
    last().onopen?.();
    expect(document.getElementById("link")?.textContent).toBe("live");
  });

  it("says what is away, and since when, as text", () => {
    last().send("sources", "x", JSON.stringify([{ source: "<b>Prometheus</b>", since: "2026-01-31T14:03:05Z" }]));
    const box = document.getElementById("away") as HTMLElement;
    expect(box.hidden).toBe(false);
    expect(box.textContent).toContain("<b>Prometheus</b> has not answered since");
    last().send("sources", "y", "[]");
    expect(box.hidden).toBe(true);
  });

  it("ends when the lab is gone", () => {
    last().send("gone", "");
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all).toHaveLength(1);
  });
});

it("waits longer after each failure, and never for long", () => {
  expect([1, 2, 3, 9].map(waitMs)).toEqual([1000, 2000, 4000, 15_000]);
  expect(addressOf("/s", "")).toBe("/s");
});
