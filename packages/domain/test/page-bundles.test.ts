import { expect, test } from "vitest";
import { type PageMessage, pagePace, planMessage } from "../src/index.ts";
import { nextMessageAt } from "../src/handoff/page-bundle.ts";

const ada = { people: ["p-ada"], target: "mailto:ada@orchard.example" };
const pager = "https://pager.example.com/team";
const pace = pagePace;
const page = (since: number, people = ada.people) => ({ people, since });

test("the first of several pages is sent at once in its own message, and the others in one message after a minute", () => {
  const pages = [page(0), page(0), page(0)];
  const first = planMessage(pages, { target: ada.target, before: [], pace }, 0);
  expect(first).toEqual({ goes: pages.slice(0, 1), people: ada.people, held: pages.slice(1), until: 60_000 });
  const before = [{ ...ada, at: 0 }];
  expect(planMessage(first.held, { target: ada.target, before, pace }, 59_999)).toMatchObject({
    goes: [],
    until: 60_000,
  });
  const late = page(59_000);
  const second = planMessage([...first.held, late], { target: ada.target, before, pace }, 60_000);
  expect(second.goes).toEqual([...first.held, late]);
});

test("a page that arrives more than a minute after the last message is sent at once, as a first page", () => {
  const before = [{ ...ada, at: 0 }];
  const pages = [page(61_000), page(61_500)];
  expect(planMessage(pages, { target: ada.target, before, pace }, 62_000)).toMatchObject({
    goes: [pages[0]],
    until: 122_000,
  });
});

test("a message to a shared address counts for both people, but the limit of one person does not delay pages for the other", () => {
  const before: PageMessage[] = [0, 60_000, 120_000, 180_000].map((at) => ({ ...ada, at }));
  const [his, hers] = [page(240_000, ["p-ben"]), page(240_000)];
  const shared = { target: pager, before, pace };
  expect(planMessage([hers, his], shared, 240_000)).toEqual({
    goes: [his],
    people: ["p-ben"],
    held: [hers],
    until: 600_000,
  });
  const both = [{ people: ["p-ada", "p-ben"], target: pager, at: 0 }];
  for (const person of ["p-ada", "p-ben"])
    expect(
      nextMessageAt(
        [person],
        { target: ada.target, before: Array.from({ length: 4 }, () => both[0] as PageMessage), pace },
        1,
      ),
    ).toBe(600_000);
});

test("a page waits for the minute of its own address, but not for another person or another address", () => {
  const before = [{ ...ada, at: 0 }];
  const at = (target: string) => ({ target, before, pace });
  expect(nextMessageAt(["p-ben"], at("mailto:ben@orchard.example"), 5)).toBe(5);
  expect(nextMessageAt(ada.people, at(pager), 5)).toBe(5);
  expect(nextMessageAt(ada.people, at(ada.target), 5)).toBe(60_000);
  expect(nextMessageAt(ada.people, at(ada.target), 60_000)).toBe(60_000);
});
