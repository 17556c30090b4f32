"use strict";
/* Draws the charts of the page from the JSON in it. All times on the axes count from the page, in seconds. */
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const FONT = "12px system-ui, sans-serif";
  const charts = [];

  const clock = (seconds) => {
    const whole = Math.round(Math.abs(seconds));
    const sign = seconds < 0 && whole ? "-" : "";
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    if (h) return sign + h + "h " + String(m).padStart(2, "0") + "m";
    return m ? sign + m + "m " + String(s).padStart(2, "0") + "s" : sign + s + " s";
  };
  const three = (value) => String(Number(value.toPrecision(3)));
  const figure = (value, unit) => {
    if (value === null || value === undefined) return "-";
    if (unit === "s") return Math.abs(value) < 0.9995 ? three(value * 1000) + " ms" : three(value) + " s";
    if (unit === "ratio") return three(value * 100) + "%";
    return (three(value) + (unit === "count" ? "" : " " + unit)).trim();
  };
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400];
  const xAxis = () => ({
    stroke: colour("quiet"), font: FONT, grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line") },
    incrs: STEPS, space: 70, size: 36, values: (_, splits) => splits.map(clock),
  });

  /* A gap in the measurements is shown as a gap. */
  function withGaps(points) {
    const steps = points.slice(1).map((point, at) => point[0] - points[at][0]).sort((a, b) => a - b);
    const usual = steps.length ? steps[Math.floor(steps.length / 2)] : 1;
    const found = [];
    points.forEach((point, at) => {
      if (at && point[0] - points[at - 1][0] > 3.5 * usual) found.push([point[0] - usual, null]);
      found.push(point);
    });
    return found;
  }

  function marks(u, lines) {
    const context = u.ctx, top = u.bbox.top, bottom = u.bbox.top + u.bbox.height, ratio = devicePixelRatio || 1;
    context.save();
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.font = 11 * ratio + "px system-ui, sans-serif";
    lines.forEach(([at, text, name], number) => {
      if (at < u.scales.x.min || at > u.scales.x.max) return;
      const x = Math.round(u.valToPos(at, "x", true));
      context.strokeStyle = context.fillStyle = colour(name);
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.lineWidth = ratio;
      context.beginPath(); context.moveTo(x, top); context.lineTo(x, bottom); context.stroke();
      const width = context.measureText(text).width;
      const right = x + width + 6 * ratio < u.bbox.left + u.bbox.width;
      context.fillText(text, right ? x + 4 * ratio : x - width - 4 * ratio, top + (11 + 13 * number) * ratio);
    });
    context.restore();
  }

  function fits(box) { return Math.max(200, box.clientWidth - (box.classList.contains("lanes") ? 2 : 0)); }

  function linkChart(box) {
    const link = data.chain[Number(box.dataset.link)];
    const points = withGaps(link.curve.map(([at, value]) => [at - data.paged_at, value]));
    const change = data.injected_at - data.paged_at;
    const readout = box.nextElementSibling;
    const part = (before) => points.map(([at, value]) => ((at < change) === before ? value : null));
    const lines = [[change, "change", "mark"], [0, "page", "mark"]];
    if (link.onset_s !== null) lines.push([change + link.onset_s, "shows", "broken"]);
    const show = (u) => {
      const at = u.cursor.idx;
      if (at === null || at === undefined) { readout.textContent = ""; return; }
      const value = u.data[1][at] !== null ? u.data[1][at] : u.data[2][at];
      readout.textContent = clock(u.data[0][at]) + ": " + (value === null ? "no data" : figure(value, link.unit));
    };
    const line = (label, name) => ({ label, stroke: colour(name), width: 2, points: { show: false }, spanGaps: false });
    const plot = new uPlot({
      width: fits(box), height: 180, legend: { show: false },
      cursor: { sync: { key: "chain" }, y: false, points: { size: 7 } },
      scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.5 : 1] } },
      axes: [xAxis(), { stroke: colour("quiet"), font: FONT, size: 64, grid: { stroke: colour("line"), width: 1 },
        ticks: { stroke: colour("line") }, values: (_, splits) => splits.map((value) => figure(value, link.unit)) }],
      series: [{}, line("healthy", "healthy"), line("broken", "broken")],
      hooks: { draw: [(u) => marks(u, lines)], setCursor: [show] },
    }, [points.map((point) => point[0]), part(true), part(false)], box);
    return { plot, to: (step) => {
      const from = plot.cursor.idx, last = points.length - 1;
      const next = Math.min(last, Math.max(0, from === null || from === undefined ? (step > 0 ? 0 : last) : from + step));
      plot.setCursor({ left: plot.valToPos(points[next][0], "x"), top: 10 });
    } };
  }

  const laneOf = (event) => (event.kind === "change" ? { cause: "the cause", decoy: "decoy" }[event.part] || "other change" : event.kind);
  const LANES = ["the cause", "decoy", "other change", "effect", "page", "look-up", "hypothesis", "note", "status-update",
    "mitigation", "submission", "end"];
  const COLOURS = { "the cause": "cause", decoy: "decoy", effect: "broken", page: "cause", submission: "right", "look-up": "accent" };

  function laneChart(box) {
    const events = data.timeline, readout = box.nextElementSibling;
    const used = LANES.filter((name) => events.some((event) => laneOf(event) === name)).reverse();
    const xs = events.map((event) => event.at_s);
    const rows = used.map((name, at) => events.map((event) => (laneOf(event) === name ? at : null)));
    const change = data.injected_at - data.paged_at, end = data.ended_at - data.paged_at;
    const margin = Math.max(10, 0.06 * (end - change));
    const spans = { incident: [change - margin, end + margin], all: [Math.min(xs[0], change) - margin, end + margin] };
    let span = spans.incident, current = -1;
    const listed = document.querySelectorAll("#events tbody tr");
    const say = (at) => {
      if (current >= 0 && listed[current]) listed[current].classList.remove("current");
      current = at;
      if (at < 0) { readout.textContent = ""; return; }
      const event = events[at];
      readout.textContent = clock(event.at_s) + ", " + laneOf(event) + ": " + (event.where ? event.where + ": " : "") + event.what;
      listed[at].classList.add("current");
    };
    const nearest = (u) => {
      if (u.cursor.left === null || u.cursor.left < 0) return -1;
      let best = -1, least = 24 * 24;
      events.forEach((event, at) => {
        const x = u.valToPos(event.at_s, "x") - u.cursor.left, y = u.valToPos(used.indexOf(laneOf(event)), "y") - u.cursor.top;
        if (x * x + y * y < least) { least = x * x + y * y; best = at; }
      });
      return best;
    };
    let driven = false;
    const plot = new uPlot({
      width: fits(box), height: 26 * used.length + 80, legend: { show: false },
      cursor: { points: { show: false }, y: false },
      scales: { x: { time: false, range: (_, low, high) => (low === xs[0] && high === xs[xs.length - 1] ? span : [low, high]) },
        y: { range: [-0.6, used.length + 0.2] } },
      axes: [xAxis(), { stroke: colour("quiet"), font: FONT, size: 92, grid: { stroke: colour("line"), width: 1 }, ticks: { show: false },
        splits: () => used.map((_, at) => at), values: () => used }],
      series: [{}].concat(used.map((name) => ({ label: name, stroke: colour(COLOURS[name] || "quiet"), paths: () => null,
        points: { show: true, size: 9, width: 2, fill: colour(name === "decoy" || name === "other change" ? "panel" : COLOURS[name] || "quiet") } }))),
      hooks: { draw: [(u) => marks(u, [[change, "change", "mark"], [0, "page", "mark"]])],
        setCursor: [(u) => { if (!driven) say(nearest(u)); }] },
    }, [xs].concat(rows), box);
    const zoom = (name) => {
      span = spans[name];
      document.querySelectorAll("[data-zoom]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.zoom === name)));
      plot.setScale("x", { min: span[0], max: span[1] });
    };
    document.querySelectorAll("[data-zoom]").forEach((button) => { button.onclick = () => zoom(button.dataset.zoom); });
    return { plot, reset: () => zoom("incident"), to: (step) => {
      const next = Math.min(events.length - 1, Math.max(0, current < 0 ? (step > 0 ? xs.findIndex((x) => x >= change - 1) : events.length - 1) : current + step));
      if (xs[next] < plot.scales.x.min || xs[next] > plot.scales.x.max) zoom("all");
      driven = true;
      plot.setCursor({ left: plot.valToPos(xs[next], "x"), top: plot.valToPos(used.indexOf(laneOf(events[next])), "y") });
      driven = false;
      say(next);
    } };
  }

  function draw() {
    charts.splice(0).forEach((chart) => chart.plot.destroy());
    document.querySelectorAll(".chart").forEach((box) => {
      const chart = box.id === "lanes" ? (data.timeline.length ? laneChart(box) : null) : linkChart(box);
      if (!chart) return;
      charts.push(chart);
      box.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
        if (step) { event.preventDefault(); chart.to(step); }
        if (event.key === "Escape") chart.reset ? chart.reset() : chart.plot.setData(chart.plot.data);
      };
    });
  }

  document.querySelectorAll(".kinds input").forEach((box) => {
    box.addEventListener("change", () => {
      document.querySelectorAll("#events tbody tr").forEach((row) => {
        if (row.dataset.kind === box.value) row.hidden = !box.checked;
      });
    });
  });
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; draw(); } });
})();
