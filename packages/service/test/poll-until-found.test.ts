import { newId } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { waitInTurn, pollUntilFound, isNewId } from "../src/index.ts";

test("sixteen requests of a party wait, and one more is answered by its first look", async () => {
  const looks = new Map<number, number>();
  const answered: number[] = [];
  let isThere = false;
  const ask = async (party: string, number: number) => {
    const found = await pollUntilFound(party, async () => {
      looks.set(number, (looks.get(number) ?? 0) + 1);
      return isThere ? number : undefined;
    });
    answered.push(number);
    return found;
  };
  const all = Array.from({ length: 20 }, (_, number) => ask("orchard", number));
  await Promise.all(all.slice(16));
  expect(answered).toEqual([16, 17, 18, 19]);
  expect([16, 17, 18, 19].map((number) => looks.get(number))).toEqual([1, 1, 1, 1]);

  // Another party's request waits beside them, and finds what comes meanwhile.
  const other = ask("quill", 20);
  isThere = true;
  expect(await other).toBe(20);
  expect(await Promise.all(all)).toEqual(all.map((_, number) => (number < 16 ? number : undefined)));
});

test("a wait that ends makes room, also where it fails", async () => {
  const failing = Array.from({ length: 16 }, () => waitInTurn("orchard", () => Promise.reject(new Error("gone"))));
  expect(await waitInTurn("orchard", async () => "waited")).toBeUndefined();
  await Promise.allSettled(failing);
  expect(await waitInTurn("orchard", async () => "waited")).toBe("waited");
});

afterEach(() => {
  vi.useRealTimers();
});

test("what cannot be on its way is looked for once", async () => {
  let looks = 0;
  const find = async () => void looks++;
  expect(await pollUntilFound("orchard", find, () => false)).toBeUndefined();
  expect(await pollUntilFound("orchard", find, async () => false)).toBeUndefined();
  expect(looks).toBe(2);
});

test("an id is new for ten seconds, by clocks that differ by as much, and says so without being known", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const id = newId("cs");
  const made = Date.now();
  const isNewAfter = (ms: number) => {
    vi.setSystemTime(made + ms);
    return isNewId(id);
  };
  expect([-10_001, -10_000, 0, 10_000, 10_001].map(isNewAfter)).toEqual([false, true, true, true, false]);
  expect(isNewId("cs_00000000000000000000000000")).toBe(false);
});
