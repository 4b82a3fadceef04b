import type { EventData, Instant, ReceivedMessage } from "@crossline/contracts";
import { type Random, seededRandom } from "@crossline/domain";
import { createLog } from "./case-log.ts";
import { drawCourse } from "./course-of-case.ts";
import { type Market, choose, createMarket, endAt, secondVersionAt, startAt } from "./market.ts";
import { type CaseTraits, drawTraits, openingOf } from "./traits.ts";

/** The time from the opening of a case to the opening of its duplicate. */
const secondCaseMs = 300_000;

/** A generated history: its market with the planted effects, and the records of each case. */
export type History = {
  readonly market: Market;
  /** Generates the records of one case after the other. The records of a case are in the order of their instants. */
  readonly cases: () => Iterable<readonly ReceivedMessage[]>;
};

/** Generates a history. The same seed and number give the same records. */
export function generateHistory(seed: number, cases: number, timeline = "wall"): History {
  const market = createMarket(seed, cases);
  return {
    market,
    *cases() {
      const random = seededRandom(seed * 104_729 + 1);
      for (let number = 0; number < cases; number++) yield* drawCase({ market, seed, timeline }, number, random);
    },
  };
}

/** Draws a case, and sometimes a second case that is merged into it. */
function* drawCase(
  { market, seed, timeline }: { readonly market: Market; readonly seed: number; readonly timeline: string },
  number: number,
  random: Random,
): Iterable<readonly ReceivedMessage[]> {
  const openedAt = startAt + Math.floor(random() * (endAt - startAt));
  const traits = drawTraits(market, openedAt, random);
  const log = createLog(idOf(seed, number, "0"), { until: endAt, timeline });
  log.add(openedAt, "case.opened", openingOf(traits, lineAt(traits.carrier, openedAt), number));
  drawCourse({ log, traits, random });
  addChanges(log, traits, random);
  if (random() < 0.02 && openedAt + secondCaseMs < endAt)
    yield mergeInto(log, traits, createLog(idOf(seed, number, "1"), { until: endAt, timeline }), number);
  yield log.records();
}

/** An id of 26 characters. The last character is free for the ids of the case's hand-offs. */
function idOf(seed: number, number: number, place: string): string {
  return `cs_${seed.toString(32).padStart(8, "0")}${number.toString(32).padStart(16, "0")}${place}0`;
}

function lineAt(carrier: string, at: Instant): EventData<"case.opened">["line"] {
  return { carrier, name: "handheld", version: at < secondVersionAt ? 1 : 2 };
}

/** Adds the rare changes of a case: its severity, its line and its device. */
function addChanges(log: ReturnType<typeof createLog>, traits: CaseTraits, random: Random): void {
  const { carrier, openedAt, severity, model } = traits;
  const actor = { party: carrier, automated: false };
  if (random() < 0.03 && severity !== "critical")
    log.add(openedAt + 60_000, "case.severity-changed", { actor, from: severity, to: "critical" });
  if (random() < 0.02) {
    const from = lineAt(carrier, openedAt);
    log.add(openedAt + 90_000, "case.moved", {
      actor,
      from,
      line: { ...from, name: "other", version: 1 },
      reason: "Other",
    });
  }
  if (random() < 0.02 && model !== undefined) {
    const device = { vendor: model.vendor, model: model.name, os: `${model.os} ${choose(["4.3", "5.0"], random)}` };
    log.add(openedAt + 120_000, "case.corrected", { actor, reason: "Other version", device, from: {} });
  }
}

/** Opens a second case five minutes later, which is merged into the first one after ten more minutes. Returns its records. */
function mergeInto(
  log: ReturnType<typeof createLog>,
  traits: CaseTraits,
  source: ReturnType<typeof createLog>,
  number: number,
): readonly ReceivedMessage[] {
  const { carrier, openedAt, habit } = traits;
  const actor = { party: carrier, automated: false };
  const [secondAt, mergedAt] = [openedAt + secondCaseMs, openedAt + 3 * secondCaseMs];
  const opening = openingOf(traits, lineAt(carrier, openedAt), number);
  source.add(secondAt, "case.opened", { ...opening, carrierCaseId: `R-${number}-second` });
  const lastAt = new Date(secondAt).toISOString();
  const isMerged = log.add(mergedAt, "case.merged", {
    actor,
    from: source.caseId,
    carrierCaseId: `R-${number}-second`,
    reason: "The same problem",
    clocks: [],
    contacts: { count: 1, byChannel: { [habit.channel]: 1 }, lastAt },
    entries: [],
  });
  if (isMerged)
    source.add(mergedAt, "case.closed", { actor, from: "acknowledged", reason: "merged", into: log.caseId });
  return source.records();
}
