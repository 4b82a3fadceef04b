import { expect, test } from "vitest";
import { asOneOfFew, eventually } from "../src/index.ts";

test("sixteen requests of a party wait, and one more is answered by its first look", async () => {
  const looks = new Map<number, number>();
  const answered: number[] = [];
  let isThere = false;
  const ask = async (party: string, number: number) => {
    const found = await eventually(party, async () => {
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
  const failing = Array.from({ length: 16 }, () => asOneOfFew("orchard", () => Promise.reject(new Error("gone"))));
  expect(await asOneOfFew("orchard", async () => "waited")).toBeUndefined();
  await Promise.allSettled(failing);
  expect(await asOneOfFew("orchard", async () => "waited")).toBe("waited");
});
