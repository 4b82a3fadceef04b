import { factsOf } from "./facts.ts";
import { generateHistory } from "./history.ts";
import { coverageOf, missesOf } from "./misses.ts";
import type { PlantedEffect } from "./planted.ts";
import { tallyOf } from "./tally.ts";

type Result = { readonly misses: readonly string[]; readonly intervals: number; readonly outside: number };

/**
 * Plays histories and prints a row for each history and a summary. Returns true if the reports find every planted effect and nothing else.
 * About 5 % of the intervals of unchanged values must not contain zero.
 */
export function play(
  { histories, cases, first }: { readonly histories: number; readonly cases: number; readonly first: number },
  print: (row: string) => void,
): boolean {
  const startedAt = performance.now();
  const results: Result[] = [];
  const kinds = new Map<PlantedEffect["kind"], number>();
  for (let seed = first; seed < first + histories; seed++) {
    const { carriers, results: played } = playHistory(seed, { histories, cases });
    for (const { kind } of carriers) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    results.push(...played);
    const misses = played.flatMap((each) => each.misses);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    print(
      `history ${seed - first + 1} of ${histories} (seed ${seed}): ${carriers.map(({ kind }) => kind).join(", ")}: ${misses.join("; ") || "ok"} (${seconds} s)`,
    );
  }
  const missed = results.flatMap(({ misses }) => misses).length;
  const intervals = results.reduce((sum, each) => sum + each.intervals, 0);
  const outside = results.reduce((sum, each) => sum + each.outside, 0);
  const isCovered = isPlausible(outside, intervals);
  print(
    `${histories} histories of ${cases} cases; carriers: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ")}`,
  );
  print(
    `${missed} misses; ${outside} of ${intervals} intervals of unchanged values do not contain zero (5 % expected)`,
  );
  if (!isCovered) print("The share of the intervals is not plausible.");
  return missed === 0 && isCovered;
}

function playHistory(
  seed: number,
  { histories, cases }: { readonly histories: number; readonly cases: number },
): { readonly carriers: readonly PlantedEffect[]; readonly results: readonly Result[] } {
  const history = generateHistory(seed, cases);
  const facts = Array.from(history.cases(), factsOf);
  const byCarrier = Map.groupBy(facts, (one) => one.facts.carrier);
  const results = history.market.carriers.map(({ name, planted }) => {
    const tally = tallyOf(byCarrier.get(name) ?? []);
    return {
      misses: missesOf(tally, planted, histories * history.market.carriers.length),
      ...coverageOf(tally, planted),
    };
  });
  return { carriers: history.market.carriers.map(({ planted }) => planted), results };
}

/** Returns true if the count is within four standard deviations of 5 %, and two more per cent for intervals of few cases. */
function isPlausible(outside: number, intervals: number): boolean {
  const share = outside / intervals;
  const margin = 4 * Math.sqrt((0.05 * 0.95) / intervals);
  return share < 0.07 + margin && share > 0.05 - margin;
}
