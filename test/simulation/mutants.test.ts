import { describe, expect, test } from "vitest";
import type { Invariant } from "./invariants/violation.ts";
import { type Mutant, brokenRules } from "./mutants.ts";
import { report } from "./report.ts";
import { shorten } from "./shrink.ts";
import { type Story, frozenStoryOf, storyOf, trimmedStoryOf } from "./story.ts";
import { play } from "./play.ts";
import type { SystemVariant } from "./world.ts";

const seeds = 300;

/** The first story that breaks the invariant; of those that break another first, as a decision that fails, none. */
function firstCaught(
  variant: SystemVariant,
  invariant: Invariant,
  storyFor: (seed: number) => Story,
  last: number,
): Story {
  for (let seed = 1; seed <= last; seed++) {
    if (play(storyFor(seed), variant).violation?.invariant === invariant) return storyFor(seed);
  }
  return expect.fail(`no story in ${last} caught it`);
}

describe("a shell that is wrong is caught", () => {
  const caught: Readonly<Record<Mutant, readonly [Invariant, (seed: number) => Story, number]>> = {
    "outbox row deleted before the send": ["1: nothing is lost", storyOf, seeds],
    "inbox check skipped": ["2: at most once", storyOf, seeds],
    "position before the transaction": ["1: nothing is lost", storyOf, seeds],
    "timer armed in memory": ["1: nothing is lost", storyOf, seeds],
    "fence skipped": ["9: a replay fires the same", frozenStoryOf, seeds],
    // Three in four thousand: both members must freeze within some milliseconds of their worst.
    "no second check after a freeze": ["9: a replay fires the same", frozenStoryOf, 3_000],
    "waits for a deleted cause": ["1: nothing is lost", trimmedStoryOf, seeds],
  };
  test.each(Object.entries(caught))("%s", (mutant, [invariant, storyFor, last]) => {
    const variant = { mutant: mutant as Mutant };
    expect(play(firstCaught(variant, invariant, storyFor, last)).violation).toBeUndefined();
  });
});

describe("a rule that is wrong is caught", () => {
  const caught: Readonly<Record<string, Invariant>> = {
    "the last resort is called once and never again": "4: the end of a line is not silence",
    "automation counts as a person": "7: automation stops no clock",
    "a vendor's time is not added up": "3: one holder, a running clock, times that add up",
    "internal entries get into the brief": "8: only its parties see it",
    "who waits has no clock": "3: one holder, a running clock, times that add up",
    "a case moves with its line": "5: a case keeps its line",
    "a threshold fires a minute early": "6: a deadline is its counted intervals",
    "silence is counted anew from when somebody looked": "9: a replay fires the same",
    "what rests in a closed case is forgotten": "what was owed is owed again",
    "a reopening lets the warnings fire once more": "what was owed is owed again",
    "a letter is taken for an answer": "the customer's act puts nothing off",
    "the customer's word is the holder's sign of life": "the customer's act puts nothing off",
    "a case closes whatever was heard meanwhile": "no closing over an unanswered inquiry",
    "after an answer the case never closes": "no closing over an unanswered inquiry",
    "a closed case owes no reply": "a reply is owed until a person answers",
    "a late reply is paged for once": "a reply is owed until a person answers",
  };
  test("each broken rule is expected here", () => {
    expect(Object.keys(caught).toSorted()).toEqual(Object.keys(brokenRules).toSorted());
  });
  test.each(Object.entries(caught))("%s", (name, invariant) => {
    const rules = brokenRules[name];
    expect(play(firstCaught({ rules }, invariant, storyOf, seeds * 2)).violation).toBeUndefined();
  });
});

test("a failing seed is told as a short story that still fails, with how to play it alone", () => {
  const variant = { mutant: "inbox check skipped" } as const;
  // One that a case and a single fault are enough for, and needed: where a line is repeated there is no command to tell of.
  const isToldShortly = (story: Story): boolean => {
    if (play(story, variant).violation?.invariant !== "2: at most once") return false;
    const { commands, faults } = shorten(story, variant);
    return faults.length === 1 && commands.some(({ kind }) => kind === "open");
  };
  const stories = Array.from({ length: seeds }, (_, index) => storyOf(index + 1));
  const story = stories.find(isToldShortly) as Story;
  expect(story).toBeDefined();
  const short = shorten(story, variant);
  expect(short.commands.length).toBeLessThan(story.commands.length);
  expect(play(short, variant).violation?.invariant).toBe("2: at most once");
  const text = report(story, variant);
  expect(text).toContain(`--seed ${story.seed}`);
  expect(text).toMatch(/14:\d\d:\d\d\.\d{3} {2}case \d open: case\.opened 1/);
  expect(text).toContain("!! ");
});
