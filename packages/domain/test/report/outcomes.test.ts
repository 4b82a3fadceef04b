import { describe, expect, test, vi } from "vitest";
import { type OutcomeSums, compareOutcomes } from "../../src/index.ts";
import { repeated } from "./drawn.ts";

// The time limit is long, because these tests check numbers, not speed, and a busy machine is slow.
vi.setConfig({ testTimeout: 60_000 });
const models = ["Handheld 8700", "Handheld 9100", "Quill Air", "Quill Pro"];
const channels = ["phone", "store", "mail"];

/** Draws the outcomes of a carrier. A pushed model has fewer first-contact resolutions and more reopenings in stores. */
function drawSums(random: () => number, each: number, pushed?: string): OutcomeSums[] {
  return models.flatMap((model) =>
    channels.map((channel, place) => {
      const isPushed = model === pushed && channel === "store";
      const drawn = Array.from({ length: each }, () => {
        const first = random() < (isPushed ? 0.2 : 0.55 - 0.1 * place);
        const contacts = first ? 1 : 2 + Math.floor(random() * 2.5);
        return { contacts, first, crossed: random() < 0.4, reopened: random() < (isPushed ? 0.35 : 0.06) };
      });
      const count = (isCounted: (one: (typeof drawn)[number]) => boolean): number => drawn.filter(isCounted).length;
      return {
        model,
        channel,
        cases: each,
        contacts: drawn.reduce((sum, { contacts }) => sum + contacts, 0),
        contactsSquared: drawn.reduce((sum, { contacts }) => sum + contacts ** 2, 0),
        settled: each,
        resolvedAtFirst: count(({ first }) => first),
        crossed: count(({ crossed }) => crossed),
        reopened: count(({ reopened }) => reopened),
      };
    }),
  );
}

const findingsOf = (sums: readonly OutcomeSums[]): string[] =>
  compareOutcomes(sums).flatMap(({ model, channel, differences }) =>
    Object.entries(differences).flatMap(([measure, { verdict }]) =>
      verdict === "higher" || verdict === "lower" ? [`${model}, ${channel}: ${measure} ${verdict}`] : [],
    ),
  );

describe("the outcomes of drawn carriers", () => {
  test("equal models: none of 60 carriers has a finding", () => {
    expect(repeated(60, (random) => findingsOf(drawSums(random, 200))).flat()).toEqual([]);
  });

  test("a model that is pushed in stores is found there at each of 30 carriers, and nowhere else", () => {
    const found = repeated(30, (random) => findingsOf(drawSums(random, 250, "Quill Air")));
    for (const each of found) {
      expect(each).toContain("Quill Air, store: firstContactResolution lower");
      expect(each).toContain("Quill Air, store: reopened higher");
      expect(each.filter((finding) => !finding.startsWith("Quill Air, store: "))).toEqual([]);
    }
  });

  test("many equal cases show that a model is like the others", () => {
    const verdicts = repeated(1, (random) => compareOutcomes(drawSums(random, 15_000))).flat();
    for (const { differences } of verdicts)
      expect(Object.values(differences).map(({ verdict }) => verdict)).toEqual(["alike", "alike", "alike", "alike"]);
  });
});

test("a model with fewer than 30 cases in a channel, or alone in it, is not compared", () => {
  const sums = repeated(1, (random) => drawSums(random, 29)).flat();
  expect(compareOutcomes(sums.slice(0, 1)).map(({ differences }) => differences.contacts)).toEqual([
    { verdict: "not-enough-cases", smallest: 30 },
  ]);
  expect(compareOutcomes(sums).every(({ differences }) => differences.reopened.verdict === "not-enough-cases")).toBe(
    true,
  );
});
