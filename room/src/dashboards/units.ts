// Numbers with their units, as Grafana's units name them.
type Ladder = readonly (readonly [factor: number, unit: string])[];

const SI: Ladder = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];
const BINARY: Ladder = [
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
  [1, "B"],
];
const SECONDS: Ladder = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
];
const PER_SECOND: Record<string, string> = {
  reqps: "req/s",
  ops: "ops/s",
  cps: "/s",
  rps: "reads/s",
  wps: "writes/s",
  iops: "io/s",
  eps: "events/s",
  mps: "msg/s",
  pps: "packets/s",
};

/** Return a number in a unit: 1.25 s, 340 ms, 12.3%, 4.5 req/s; decimals as given, else as many as it takes. */
export function format(value: number | null | undefined, unit = "none", decimals?: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  switch (unit) {
    case "percentunit":
      return `${rounded(value * 100, decimals)}%`;
    case "percent":
      return `${rounded(value, decimals)}%`;
    case "s":
      return laddered(value, SECONDS, decimals, " ");
    case "ms":
      return laddered(value / 1e3, SECONDS, decimals, " ");
    case "dtdurations":
    case "dtdhms":
    case "clocks":
      return duration(value);
    case "bytes":
    case "decbytes":
      return laddered(value, BINARY, decimals, " ");
    case "Bps":
    case "binBps":
      return `${laddered(value, BINARY, decimals, " ")}/s`;
    case "bool":
      return value === 0 ? "false" : "true";
    case "bool_on_off":
      return value === 0 ? "off" : "on";
    case "bool_yes_no":
      return value === 0 ? "no" : "yes";
    case "dateTimeAsIso":
    case "dateTimeFromNow":
      return new Date(value).toLocaleTimeString([], { hour12: false });
    default:
      return other(value, unit, decimals);
  }
}

function other(value: number, unit: string, decimals?: number): string {
  const number = unit === "none" ? plain(value, decimals) : laddered(value, SI, decimals, "");
  const after = PER_SECOND[unit] ?? (["none", "short", ""].includes(unit) ? "" : unit.replace(/^suffix:/, ""));
  return after ? `${number}${after.startsWith("/") ? "" : " "}${after}` : number;
}

/** Without a unit, a number keeps its thousands: 12,345. */
function plain(value: number, decimals?: number): string {
  if (Math.abs(value) >= 1e7) return laddered(value, SI, decimals, "");
  return Math.abs(value) >= 1e4 ? Math.round(value).toLocaleString("en") : rounded(value, decimals);
}

function laddered(value: number, ladder: Ladder, decimals: number | undefined, between: string): string {
  const size = Math.abs(value);
  const last = ladder.findIndex(([factor]) => factor === 1);
  const rung = ladder.find(([factor]) => size >= factor * 0.9995) ?? (size === 0 ? ladder[last] : ladder.at(-1));
  const [factor, unit] = rung ?? [1, ""];
  return `${rounded(value / factor, decimals)}${unit ? between + unit : ""}`;
}

function rounded(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(Math.min(decimals, 8));
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)));
}

/** Return a span as people say it: 38 s, 5 min 30 s, 2 h 5 min, 3 d 4 h. */
function duration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor((whole % 86400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const from = parts.findIndex(([count]) => count > 0);
  const told = from < 0 ? parts.slice(-1) : parts.slice(from, from + 2).filter(([count], at) => at === 0 || count > 0);
  return (seconds < 0 ? "-" : "") + told.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
