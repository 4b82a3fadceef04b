import { z } from "zod";

/**
 * An instant inside the system: whole milliseconds since 1970-01-01T00:00:00Z. On the wire, an instant is an ISO 8601 text with
 * an offset. In SQL, an instant is a `timestamptz`.
 */
export type Instant = number;

/** A length of time in whole milliseconds. On the wire, a length of time is an ISO 8601 duration (`PT20M`). */
export type DurationMs = number;

/**
 * The schema of an instant in every event, request and response: ISO 8601 with an offset. The schema refuses impossible dates.
 * The schema also refuses a second with more than nine decimals, because `parseInstant` cannot read such a text.
 */
export const isoInstant = z.iso
  .datetime({ offset: true })
  .refine((text) => !/\.\d{10}/.test(text), "must not have more than nine decimals of a second")
  .meta({
    description: "ISO 8601 instant with offset, e.g. 2026-03-07T09:00:00-05:00",
    examples: ["2026-03-07T14:20:00Z"],
  });

/**
 * Parses an ISO 8601 instant. Throws a RangeError if the text is not an instant. The function cuts off digits below a
 * millisecond.
 */
export function parseInstant(iso: string): Instant {
  return Temporal.Instant.from(iso).epochMilliseconds;
}

/** Formats an instant as ISO 8601 in UTC. Whole seconds have no fraction. */
export function formatInstant(instant: Instant): string {
  // Temporal gives the same result. The cache is useful, because every message contains several instants, mostly of the last
  // few minutes. A call takes 0.1 µs with cached minutes, 0.7 µs with a Date, and 4 µs with Temporal.
  const minute = Math.floor(instant / 60_000);
  const slot = minute & (minuteTextsMax - 1);
  const kept = minuteTexts[slot];
  const text = kept?.minute === minute ? kept.text : new Date(minute * 60_000).toISOString().slice(0, -7);
  if (kept?.minute !== minute) minuteTexts[slot] = { minute, text };
  const ms = instant - minute * 60_000;
  const seconds = Math.floor(ms / 1_000);
  const fraction = ms - seconds * 1_000;
  const whole = `${text}${seconds < 10 ? "0" : ""}${seconds}`;
  if (fraction === 0) return `${whole}Z`;
  return `${whole}.${String(fraction).padStart(3, "0").replace(/0+$/, "")}Z`;
}

const minuteTextsMax = 256;
const minuteTexts: { readonly minute: number; readonly text: string }[] = [];

const perUnit = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 };

/**
 * Parses an ISO 8601 duration, for example `PT20M` or `P3D`. A day is 24 h. Throws a RangeError if the text is not a duration,
 * or if it contains years or months.
 */
export function parseDuration(iso: string): DurationMs {
  const duration = Temporal.Duration.from(iso);
  if (duration.years !== 0 || duration.months !== 0) throw new RangeError(`a duration has no fixed length: ${iso}`);
  let ms = duration.milliseconds;
  for (const [unit, factor] of Object.entries(perUnit)) ms += duration[unit as keyof typeof perUnit] * factor;
  return ms;
}

/** Formats a length of time as ISO 8601 with hours as its largest unit: `PT20M`, `PT72H`. */
export function formatDuration(ms: DurationMs): string {
  const sign = ms < 0 ? "-" : "";
  const seconds = Math.abs(ms) / 1_000;
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, Math.abs(ms) % 60_000];
  const time = `${hours > 0 ? `${hours}H` : ""}${minutes > 0 ? `${minutes}M` : ""}${rest > 0 ? `${rest / 1_000}S` : ""}`;
  return time === "" ? "PT0S" : `${sign}PT${time}`;
}
