// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { retryMs, startPostmortem, written } from "../src/postmortem";

const FORM = `<div id="postmortem"><form data-postmortem data-version="0" action="/postmortem">
  <input name="change_key" value="k"><input name="version" value="0"><input name="title" value="T">
  <span data-saved></span><div data-conflict hidden><button type="button" data-keep></button></div>
  <div data-items></div><button type="button" data-add></button></form><div data-review></div></div>`;
const answers: (() => Promise<Response>)[] = [];
const sent: string[] = [];
const addresses: string[] = [];

function saved(version: number): () => Promise<Response> {
  return () => Promise.resolve(new Response(`<section data-version="${version}" data-at="14:03:05">checked</section>`));
}

function type(text: string): void {
  const field = document.querySelector<HTMLInputElement>("[name=title]");
  if (!field) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const said = () => document.querySelector("[data-saved]")?.textContent ?? "";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = FORM;
  answers.length = sent.length = addresses.length = 0;
  vi.stubGlobal("fetch", (address: string, asked?: { body?: string }) => {
    if (asked?.body !== undefined) sent.push(asked.body);
    if (asked?.body !== undefined) addresses.push(String(address));
    return answers.shift()?.() ?? Promise.reject(new TypeError("no answer"));
  });
  startPostmortem();
});
afterEach(() => vi.useRealTimers());

test("it waits longer from attempt to attempt, but never long", () => {
  expect([1, 2, 3, 9].map(retryMs)).toEqual([1000, 2000, 4000, 10_000]);
});

test("the version is no part of what was written", () => {
  const form = document.querySelector("form") as HTMLFormElement;
  expect(written(form)).toBe("change_key=k&title=T");
});

test("what is typed is saved once a moment later", async () => {
  answers.push(saved(1));
  type("A");
  await vi.advanceTimersByTimeAsync(300);
  type("AB");
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toEqual(["change_key=k&title=AB&version=0"]);
  expect(said()).toBe("Saved at 14:03:05");
  expect(document.querySelector("[data-review]")?.textContent).toBe("checked");
  expect(document.querySelector<HTMLInputElement>("[name=version]")?.value).toBe("1");
});

test("what is typed goes to the form's address, though a field has the name of an attribute", async () => {
  const field = Object.assign(document.createElement("textarea"), { name: "action" });
  document.querySelector("[data-items]")?.append(field);
  Object.defineProperty(document.querySelector("form"), "action", { value: field }); // as browsers do, and jsdom does not
  answers.push(saved(1));
  type("A");
  await vi.advanceTimersByTimeAsync(2000);
  expect(addresses).toEqual(["/postmortem"]);
});

test("while the room gives no answer it is tried until it does, with what was typed meanwhile", async () => {
  type("A");
  await vi.advanceTimersByTimeAsync(800);
  expect(said()).toContain("the room gives no answer; trying again");
  type("AB");
  answers.push(saved(1));
  await vi.advanceTimersByTimeAsync(3000);
  expect(sent.at(-1)).toBe("change_key=k&title=AB&version=0");
  expect(said()).toBe("Saved at 14:03:05");
});

test("another browser's text is not written over, unless one says so", async () => {
  answers.push(() => Promise.resolve(new Response("changed", { status: 409 })));
  type("A");
  await vi.advanceTimersByTimeAsync(800);
  expect(document.querySelector<HTMLElement>("[data-conflict]")?.hidden).toBe(false);
  type("AB");
  await vi.advanceTimersByTimeAsync(9000);
  expect(sent).toHaveLength(1);
  answers.push(() => Promise.resolve(new Response(`<form data-postmortem data-version="7"></form>`)), saved(8));
  document.querySelector<HTMLElement>("[data-keep]")?.click();
  await vi.advanceTimersByTimeAsync(800);
  expect(sent.at(-1)).toBe("change_key=k&title=AB&version=7");
});

test("an action item is added, and saved with the rest", async () => {
  document.querySelector<HTMLElement>("[data-add]")?.click();
  answers.push(saved(1));
  const owner = document.querySelector<HTMLInputElement>("[name=owner]") as HTMLInputElement;
  owner.value = "me";
  owner.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(2000);
  expect(sent).toEqual(["change_key=k&title=T&action=&owner=me&due=&version=0"]);
});
