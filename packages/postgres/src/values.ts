import assert from "node:assert/strict";
import { type Instant, formatInstant } from "@crossline/contracts";
import pg from "pg";

// Type numbers of PostgreSQL's catalogue, which are the same on every server.
const int8 = 20;
const int8Array = 1016;
const timestamptz = 1184;
const timestamptzArray = 1185;

const firstInstant = Date.parse("0001-01-01T00:00:00Z");
const lastInstant = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Returns an instant as a parameter: `$1::timestamptz`, or an element of `unnest($1::timestamptz[])`. The text is ISO
 * 8601 in UTC; `Infinity` and `-Infinity` become `infinity` and `-infinity` of PostgreSQL. Throws a RangeError outside
 * the years 1 to 9999.
 */
export function toSql(instant: Instant): string {
  if (instant === Infinity) return "infinity";
  if (instant === -Infinity) return "-infinity";
  if (!(instant >= firstInstant && instant <= lastInstant))
    throw new RangeError(`not an instant of the years 1 to 9999: ${instant}`);
  return formatInstant(Math.trunc(instant));
}

/**
 * Returns a list of texts, numbers, booleans and nulls as a PostgreSQL array literal. Any other value is returned
 * unchanged, for pg. The conversion of pg checks each element twice for quotes, so each element takes 95 ns instead of
 * 35 ns. A request to intake has about 24 elements.
 */
export function toParameter(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  let literal = "";
  for (const item of value as unknown[]) {
    if (literal !== "") literal += ",";
    if (item === null || item === undefined) literal += "NULL";
    else if (typeof item === "string") literal += `"${quoted.test(item) ? item.replaceAll(quotes, "\\$&") : item}"`;
    else if (typeof item === "number" || typeof item === "boolean") literal += String(item);
    else return value;
  }
  return `{${literal}}`;
}

const quoted = /["\\]/;
const quotes = /["\\]/g;

/**
 * Converts columns to values: int8 to a number, timestamptz to epoch milliseconds, and arrays of both in the same way.
 * pg converts the rest.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((type: Parameters<typeof pg.types.getTypeParser>[0]) =>
    parsers.get(type) ?? pg.types.getTypeParser(type)) as pg.CustomTypesConfig["getTypeParser"],
};

const parsers = new Map<number, (text: string) => unknown>([
  [int8, parseBigint],
  [timestamptz, parseTimestamptz],
  [int8Array, arrayOf(parseBigint)],
  [timestamptzArray, arrayOf(parseTimestamptz)],
]);

function parseBigint(text: string): number {
  const value = Number(text);
  assert.ok(Number.isSafeInteger(value), `a bigint is too large for a number: ${text}`);
  return value;
}

/**
 * Parses `2026-03-07 14:00:00.123456+00` (every connection has TimeZone=UTC and DateStyle=ISO), truncated to
 * milliseconds. The function reads character codes, because a Date from the text costs four times as much for each
 * column.
 */
function parseTimestamptz(text: string): Instant {
  if (text.length < 22 || text.charCodeAt(0) === zero || text.charCodeAt(4) !== dash) return parseUnusual(text);
  const fraction = text.charCodeAt(19) === point ? text.slice(20, -3).padEnd(3, "0") : "000";
  return Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 2) - 1,
    digits(text, 8, 2),
    digits(text, 11, 2),
    digits(text, 14, 2),
    digits(text, 17, 2),
    digits(fraction, 0, 3),
  );
}

const dash = 45;
const point = 46;
const zero = 48;

function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) value = value * 10 + text.charCodeAt(index) - zero;
  return value;
}

function parseUnusual(text: string): Instant {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  return Temporal.Instant.from(text).epochMilliseconds; // throws after the year 9999 and before the year 1
}

function arrayOf<T>(parse: (text: string) => T): (text: string) => (T | null)[] {
  return (text) => {
    if (text === "{}") return [];
    assert.ok(!text.includes("{", 1), "only arrays of one dimension are supported");
    return text
      .slice(1, -1)
      .split(",")
      .map((item) => (item === "NULL" ? null : parse(item.startsWith('"') ? item.slice(1, -1) : item)));
  };
}
