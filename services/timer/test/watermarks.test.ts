import { wall } from "@crossline/contracts";
import { expect, test } from "vitest";
import { createWatermarks } from "../src/schedule/watermarks.ts";

const scope = { timeline: wall, partition: 3 };
const found = (dueAt: number | null) => Promise.resolve([{ ...scope, dueAt, now: 1_000 }]);
const armed = (dueAt: number) => [{ ...scope, dueAt }];

test("a look begins where the last one found the earliest, or at the present where it found nothing", async () => {
  const marks = createWatermarks();
  expect(marks.of(scope)).toBe(-Infinity);
  await marks.look(() => found(5_000));
  expect(marks.of(scope)).toBe(5_000);
  await marks.look(() => found(null));
  expect(marks.of(scope)).toBe(1_000);
  expect(marks.of({ timeline: "imp_1", partition: 3 })).toBe(-Infinity);
});

test("what is armed earlier puts it back, what is armed later does not", async () => {
  const marks = createWatermarks();
  await marks.look(() => found(5_000));
  marks.hear(armed(9_000));
  expect(marks.of(scope)).toBe(5_000);
  marks.hear(armed(2_000));
  expect(marks.of(scope)).toBe(2_000);
});

test("what is armed while a look is under way is not passed over, whichever ends first", async () => {
  const marks = createWatermarks();
  await marks.look(() => {
    marks.hear(armed(2_000)); // committed after the look's snapshot was taken
    return found(5_000);
  });
  expect(marks.of(scope)).toBe(2_000);
  const failing = marks.look(() => Promise.reject(new Error("the connection was lost")));
  await expect(failing).rejects.toThrow("lost");
  await marks.look(() => found(7_000));
  expect(marks.of(scope)).toBe(7_000);
});

test("a doubt forgets all, also what a look under way finds, and lasts as long as a commit may still come", async () => {
  let time = 0;
  const marks = createWatermarks(() => time);
  await marks.look(() => {
    marks.forget();
    return found(5_000);
  });
  time = 6_000;
  expect(marks.of(scope)).toBe(-Infinity);
  await marks.look(() => found(5_000));
  expect(marks.of(scope)).toBe(5_000);
  marks.forget();
  await marks.look(() => found(5_000));
  expect(marks.of(scope)).toBe(-Infinity);
  time = 12_000;
  expect(marks.of(scope)).toBe(5_000);
  marks.forget(3);
  expect(marks.of(scope)).toBe(-Infinity);
});
