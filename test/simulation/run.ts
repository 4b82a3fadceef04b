import { parseArgs } from "node:util";
import { type Mutant, brokenRules } from "./mutants.ts";
import { report } from "./report.ts";
import { causeStoryOf, incidentStoryOf, storyOf, trimmedStoryOf } from "./story.ts";
import { play } from "./play.ts";

/**
 * Plays seeds outside the tests, and reports the shortest story of each failed seed.
 * `--seed 7` plays one seed. `--seeds 100000` plays that many seeds, from 1 or from `--seed` on.
 * `--mutant` and `--rules` break a shell or a rule deliberately. `--trim` deletes records that a service has not read.
 * `--incidents` lets cases join, leave and lead incidents. `--causes` links cases to changes and known errors.
 */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    mutant: { type: "string" },
    rules: { type: "string" },
    trim: { type: "boolean", default: false },
    incidents: { type: "boolean", default: false },
    causes: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const variant = {
  mutant: values.mutant as Mutant | undefined,
  rules: values.rules === undefined ? undefined : brokenRules[values.rules],
};
const storyFor = values.trim
  ? trimmedStoryOf
  : values.incidents
    ? incidentStoryOf
    : values.causes
      ? causeStoryOf
      : storyOf;
const begun = performance.now();
let steps = 0;
let failed = 0;
const races = { inquiry: 0, answer: 0, closed: 0 };
for (let seed = first; seed < first + Number(values.seeds) && failed < 5; seed++) {
  const played = play(storyFor(seed), variant);
  steps += played.steps;
  for (const race of ["inquiry", "answer", "closed"] as const) races[race] += played.races[race].size;
  if (played.violation === undefined) continue;
  failed++;
  process.stdout.write(`${report(storyFor(seed), variant)}\n`);
}
const seconds = (performance.now() - begun) / 1_000;
const perSecond = Math.round(Number(values.seeds) / seconds);
process.stdout.write(
  `${values.seeds} seeds, ${failed} failed, ${perSecond} seeds/s, ${steps} awaits, ` +
    `closings raced with ${races.inquiry} inquiries and ${races.answer} answers, ${races.closed} cases closed later
`,
);
process.exit(failed === 0 ? 0 : 1);
