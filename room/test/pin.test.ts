// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isDue } from "../src/every";
import { showFields } from "../src/forms";
import { startKeys } from "../src/keys";
import { show, startPins, target } from "../src/pin";

const FORM = `<nav id="views"><a data-key="n" href="#n">Notebook</a></nav>
<form id="pin" hidden><input type="hidden" name="number" value=""><button data-key="e">Pin <span class="which">#</span></button>
<select name="to"><option value="">to the notebook</option><option value="2" selected>to 2</option><option value="1">to 1</option></select></form>
<input type="hidden" data-pin-to value=""><p id="toast"></p><input id="typing">`;

// jsdom has no CSS.escape; a letter needs none.
vi.stubGlobal("CSS", { escape: (text: string) => text });
startKeys();

function one<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const pinForm = () => one<HTMLFormElement>("#pin");

describe("where a look-up is pinned to", () => {
  it("is what was chosen, while it is there", () => expect(target("1", ["", "2", "1"], "2")).toBe("1"));
  it("is the notebook, when that was chosen", () => expect(target("", ["", "2"], "2")).toBe(""));
  it("is what is likely, when nothing was chosen", () => expect(target(null, ["", "2"], "2")).toBe("2"));
  it("is what is likely, when what was chosen is gone", () => expect(target("7", ["", "2"], "2")).toBe("2"));
});

describe("the button", () => {
  beforeEach(() => {
    document.body.innerHTML = FORM;
    sessionStorage.clear();
  });

  it("shows the number of the look-up", () => {
    show(pinForm(), "12");
    expect(pinForm().hidden).toBe(false);
    expect(new FormData(pinForm()).get("number")).toBe("12");
    expect(pinForm().textContent).toContain("#12");
  });

  it.each([null, "", "<b>", "-1", "1234567"])("ignores what is no number: %s", (number) => {
    show(pinForm(), number);
    expect(pinForm().hidden).toBe(true);
  });

  it("keeps what was chosen, in every place that pins", () => {
    startPins();
    const to = one<HTMLSelectElement>("select");
    expect(one<HTMLInputElement>("[data-pin-to]").value).toBe("2");
    to.value = "1";
    to.dispatchEvent(new Event("change", { bubbles: true }));
    expect(one<HTMLInputElement>("[data-pin-to]").value).toBe("1");
    document.body.innerHTML = FORM;
    document.body.dispatchEvent(new Event("htmx:load"));
    expect(one<HTMLSelectElement>("select").value).toBe("1");
  });

  it("is pressed by its key, but not while somebody types, or when it is hidden", () => {
    let pressed = 0;
    one("button").addEventListener("click", (event) => {
      event.preventDefault();
      pressed += 1;
    });
    const press = (from: Element) => from.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true }));
    press(document.body);
    expect(pressed).toBe(0);
    show(pinForm(), "3");
    press(document.body);
    press(one("#typing"));
    expect(pressed).toBe(1);
  });
});

describe("what is read every few seconds", () => {
  it("is due when they have passed", () => {
    expect([0, 4000, 5000, 6000].map((now) => isDue(0, now, 5))).toEqual([false, false, true, true]);
  });
});

describe("a form with a choice", () => {
  it("shows the fields of what is chosen", () => {
    document.body.innerHTML = `<form data-kinds><input type="radio" name="k" data-fields="a"><input type="radio" name="k" data-fields="b c" checked>
<label data-field="a"></label><label data-field="b"></label><label data-field="c"></label></form>`;
    showFields(one("form"));
    const shown = [...document.querySelectorAll<HTMLElement>("[data-field]")].filter((each) => !each.hidden);
    expect(shown.map((each) => each.dataset.field)).toEqual(["b", "c"]);
  });
});
