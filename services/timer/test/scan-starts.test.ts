import { wall } from "@crossline/contracts";
import { expect, test } from "vitest";
import { createScanStarts } from "../src/schedule/scan-starts.ts";

const scope = { timeline: wall, partition: 3 };
const lookup = (dueAt: number | null) => Promise.resolve([{ ...scope, dueAt, now: 1_000 }]);
const armed = (dueAt: number) => [{ ...scope, dueAt }];

test("a query starts at the earliest deadline of the last query, or at the time of the last query if that query found no deadline", async () => {
  const starts = createScanStarts();
  expect(starts.of(scope)).toBe(-Infinity);
  await starts.update(() => lookup(5_000));
  expect(starts.of(scope)).toBe(5_000);
  await starts.update(() => lookup(null));
  expect(starts.of(scope)).toBe(1_000);
  expect(starts.of({ timeline: "imp_1", partition: 3 })).toBe(-Infinity);
});

test("an earlier deadline moves the scan start back; a later deadline does not move it", async () => {
  const starts = createScanStarts();
  await starts.update(() => lookup(5_000));
  starts.lower(armed(9_000));
  expect(starts.of(scope)).toBe(5_000);
  starts.lower(armed(2_000));
  expect(starts.of(scope)).toBe(2_000);
});

test("a deadline that is committed during a query moves the scan start back, even if the query returns a later deadline", async () => {
  const starts = createScanStarts();
  await starts.update(() => {
    starts.lower(armed(2_000)); // the deadline is committed after the snapshot of the query
    return lookup(5_000);
  });
  expect(starts.of(scope)).toBe(2_000);
  const failing = starts.update(() => Promise.reject(new Error("the connection was lost")));
  await expect(failing).rejects.toThrow("lost");
  await starts.update(() => lookup(7_000));
  expect(starts.of(scope)).toBe(7_000);
});

test("for 5 s after a reset, queries read from the beginning; the result of a running query is ignored", async () => {
  let time = 0;
  const starts = createScanStarts(() => time);
  await starts.update(() => {
    starts.forget();
    return lookup(5_000);
  });
  time = 6_000;
  expect(starts.of(scope)).toBe(-Infinity);
  await starts.update(() => lookup(5_000));
  expect(starts.of(scope)).toBe(5_000);
  starts.forget();
  await starts.update(() => lookup(5_000));
  expect(starts.of(scope)).toBe(-Infinity);
  time = 12_000;
  expect(starts.of(scope)).toBe(5_000);
  starts.forget(3);
  expect(starts.of(scope)).toBe(-Infinity);
});
