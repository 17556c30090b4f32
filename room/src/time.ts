/** Return a span as a clock shows it: 07:05, 1:07:05; never negative. */
export function digits(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export type Direction = "up" | "down" | "due";

/** Return what a clock shows that read `seconds` when it was made, `passed` seconds ago. */
export function reading(direction: Direction, seconds: number, passed: number): { text: string; left: number } {
  if (direction === "up") return { text: digits(seconds + passed), left: Infinity };
  const left = seconds - passed;
  if (direction === "due" && left < 0) return { text: `late ${digits(-left)}`, left };
  return { text: digits(left), left };
}

/** Return the local time of epoch seconds: 14:03:05. */
export function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });
}
