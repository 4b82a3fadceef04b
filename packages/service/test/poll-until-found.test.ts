import { newId } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { waitInTurn, pollUntilFound, isNewId } from "../src/index.ts";

test("at most sixteen requests of a party wait; a further request queries once and returns that result at once", async () => {
  const queries = new Map<number, number>();
  const ended: number[] = [];
  let isThere = false;
  const request = async (party: string, number: number) => {
    const result = await pollUntilFound(party, async () => {
      queries.set(number, (queries.get(number) ?? 0) + 1);
      return isThere ? number : undefined;
    });
    ended.push(number);
    return result;
  };
  const all = Array.from({ length: 20 }, (_, number) => request("orchard", number));
  await Promise.all(all.slice(16));
  expect(ended).toEqual([16, 17, 18, 19]);
  expect([16, 17, 18, 19].map((number) => queries.get(number))).toEqual([1, 1, 1, 1]);

  // A request of another party still waits, and finds the record that arrives during its wait.
  const other = request("quill", 20);
  isThere = true;
  expect(await other).toBe(20);
  expect(await Promise.all(all)).toEqual(all.map((_, number) => (number < 16 ? number : undefined)));
});

test("when a wait ends or fails, the next request of the party may wait", async () => {
  const failing = Array.from({ length: 16 }, () => waitInTurn("orchard", () => Promise.reject(new Error("gone"))));
  expect(await waitInTurn("orchard", async () => "waited")).toBeUndefined();
  await Promise.allSettled(failing);
  expect(await waitInTurn("orchard", async () => "waited")).toBe("waited");
});

afterEach(() => {
  vi.useRealTimers();
});

test("if a record can no longer arrive, the service queries for it only once", async () => {
  let queries = 0;
  const find = async () => void queries++;
  expect(await pollUntilFound("orchard", find, () => false)).toBeUndefined();
  expect(await pollUntilFound("orchard", find, async () => false)).toBeUndefined();
  expect(queries).toBe(2);
});

test("an id is new for ten seconds before and after its time, since the clocks of two machines differ", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const id = newId("cs");
  const createdAt = Date.now();
  const isNewAfter = (ms: number) => {
    vi.setSystemTime(createdAt + ms);
    return isNewId(id);
  };
  expect([-10_001, -10_000, 0, 10_000, 10_001].map(isNewAfter)).toEqual([false, true, true, true, false]);
  expect(isNewId("cs_00000000000000000000000000")).toBe(false);
});
