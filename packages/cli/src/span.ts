import { parseInstant } from "@crossline/contracts";

/** Returns a length of time for people, in its two largest units: `20 min 30 s`. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  const shown = from === -1 ? parts.slice(3) : parts.slice(from, from + 2);
  return `${ms < 0 ? "−" : ""}${shown.map(([count, unit]) => `${count} ${unit}`).join(" ")}`;
}

/** Returns the time from one instant to another for people: `in 40 min 0 s` or `2 h 5 min ago`. */
export function formatDistance(from: string, to: string): string {
  const ms = parseInstant(to) - parseInstant(from);
  return ms >= 0 ? `in ${formatSpan(ms)}` : `${formatSpan(-ms)} ago`;
}
