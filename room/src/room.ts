// The room in the browser: htmx swaps what the server renders; the rest is here, a file for each thing.
import "htmx.org";
import { startBoards } from "./boards";
import { startClocks } from "./clocks";
import { startDebrief } from "./debrief";
import { startEditors } from "./editors";
import { startEvery } from "./every";
import { startForms } from "./forms";
import { keepOpen } from "./keep";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startNarrowing } from "./narrow";
import { startPicking } from "./pick";
import { startPins } from "./pin";
import { startPlots } from "./plots";
import { startPostmortem } from "./postmortem";
import { startSmalls } from "./smalls";
import { startTail } from "./tail";
import { startTopology } from "./topology";
import { startZoom } from "./zoom";

startBoards();
startClocks();
startDebrief();
startEditors();
startEvery();
startForms();
startKeys();
startLive();
startNarrowing();
startPicking();
startPins();
startPlots();
startPostmortem();
startSmalls();
startTail();
startTopology();
startZoom();
keepOpen();

// A request that was answered makes an older problem void.
document.body.addEventListener("htmx:afterOnLoad", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  if (xhr.status < 400) document.getElementById("problem")?.replaceChildren();
});

// After another view was opened, the keyboard is in it, and screen readers read it.
document.body.addEventListener("htmx:pushedIntoHistory", () => {
  if (document.activeElement === document.body) document.getElementById("view")?.focus({ preventScroll: true });
});

// On a narrow screen the navigation scrolls: the present view is in sight.
document.querySelector("#views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
