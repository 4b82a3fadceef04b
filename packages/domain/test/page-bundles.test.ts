import { type PageMessage, nextMessageAt, pagePace } from "@crossline/domain";
import { expect, test } from "vitest";

const ada = { person: "p-ada", target: "mailto:ada@orchard.example" };

/** Plays pages of some addresses, one each `everyMs`, and gives back the messages and the most pages that waited for one. */
function play(count: number, everyMs: number, addresses: readonly (typeof ada)[]) {
  const messages: (PageMessage & { pages: number })[] = [];
  const waiting = new Map(addresses.map(({ target }) => [target, 0]));
  for (let now = 0; now <= 3_600_000; now += 1_000) {
    for (const { person, target } of addresses) {
      const arrived = now % everyMs === 0 && now / everyMs < count ? 1 : 0;
      const pages = (waiting.get(target) ?? 0) + arrived;
      const goes = pages > 0 && nextMessageAt({ person, target }, messages, now, pagePace) === now;
      if (goes) messages.push({ person, target, at: now, pages });
      waiting.set(target, goes ? 0 : pages);
    }
  }
  return { messages, left: [...waiting.values()].reduce((sum, pages) => sum + pages, 0) };
}

const sum = (messages: readonly { pages: number }[]) => messages.reduce((all, { pages }) => all + pages, 0);
const mostInTenMinutes = (messages: readonly PageMessage[]) =>
  Math.max(...messages.map(({ at }) => messages.filter((one) => one.at >= at && one.at < at + 600_000).length));

test("forty alike cases in 75 s: the first page at once, the others at the end of the minute, and none is dropped", () => {
  const { messages, left } = play(40, 2_000, [ada]);
  expect(messages.map(({ at, pages }) => [at / 1_000, pages])).toEqual([
    [0, 1],
    [60, 30],
    [120, 9],
  ]);
  expect(left).toBe(0);
});

test("whatever comes for how long, one person gets four messages in ten minutes over all addresses", () => {
  const pager = { ...ada, target: "https://pager.example.com/ada" };
  const { messages, left } = play(600, 2_000, [ada, pager]);
  expect(mostInTenMinutes(messages)).toBe(4);
  expect([sum(messages), left]).toEqual([1_200, 0]);
});

test("another person, and another address after its minute, are not waited for", () => {
  const before = [{ ...ada, at: 0 }];
  expect(nextMessageAt({ person: "p-ben", target: "mailto:ben@orchard.example" }, before, 5, pagePace)).toBe(5);
  expect(nextMessageAt({ ...ada, target: "https://pager.example.com/ada" }, before, 5, pagePace)).toBe(5);
  expect(nextMessageAt(ada, before, 5, pagePace)).toBe(60_000);
  expect(nextMessageAt(ada, before, 60_000, pagePace)).toBe(60_000);
});
