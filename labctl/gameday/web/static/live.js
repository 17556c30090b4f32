// Keeps a part of the page up to date: the stream says when there is something new, and the part is fetched again.
// Clocks run by themselves, from what the server said: the clock of this machine may be wrong.

const made = new WeakMap();

function two(number) {
  return String(number).padStart(2, "0");
}

function digits(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const since = made.get(clock) ?? performance.now();
    made.set(clock, since);
    const passed = (performance.now() - since) / 1000;
    const seconds = Number(clock.dataset.seconds) + (clock.dataset.clock === "down" ? -passed : passed);
    clock.textContent = digits(seconds);
  }
}

function away(isAway) {
  document.getElementById("link").hidden = !isAway;
}

// The part is replaced whole: what somebody is using in it must not vanish under their hand.
function inUse(part) {
  const used = document.activeElement;
  return part.contains(used) && used.matches("input:not([type=hidden]), select, textarea");
}

async function renew(part) {
  if (inUse(part)) {
    part.dataset.late = "1";
    return;
  }
  delete part.dataset.late;
  const answer = await fetch(part.dataset.part, { headers: { Accept: "text/html" } });
  if (answer.status === 401 || answer.status === 403) location.reload();
  if (!answer.ok) return;
  const focused = document.activeElement?.dataset?.keep;
  part.innerHTML = await answer.text();
  if (focused) part.querySelector(`[data-keep="${CSS.escape(focused)}"]`)?.focus();
  tick();
}

function follow(part) {
  const stream = new EventSource(part.dataset.live);
  stream.addEventListener("new", () => renew(part).catch(() => away(true)));
  stream.addEventListener("open", () => away(false));
  stream.addEventListener("error", () => away(true));
  part.addEventListener("focusout", () => part.dataset.late && setTimeout(() => renew(part), 200));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (button && !confirm(button.dataset.ask)) event.preventDefault();
});

document.querySelectorAll("[data-live]").forEach(follow);
tick();
setInterval(tick, 250);
