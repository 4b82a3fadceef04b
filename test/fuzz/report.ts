import type { FuzzResult } from "./run.ts";

const faultsMax = 30;

/** Formats a result for people. */
export function toText({ seed, requests, faults, later, byStatus, byDamage, byOperation }: FuzzResult): string {
  const operations = [...byOperation];
  const never = operations.filter(([, { good }]) => good === 0).map(([id]) => id);
  const fewest = Math.min(...operations.map(([, { sent }]) => sent));
  return [
    `${requests} requests, seed ${seed}: ${faults.length} kinds of faults; ${later} were refused with a time to retry (503)`,
    "",
    "  status   responses",
    ...rows(byStatus),
    "",
    "  damage                   requests",
    ...rows(byDamage),
    "",
    `${operations.length} operations, each sent at least ${fewest} times; ${operations.length - never.length} had a successful response`,
    ...(never.length === 0 ? [] : [`  never successful: ${never.join(", ")}`]),
    ...faults.slice(0, faultsMax).map(({ what, sent }) => `\nFAULT ${what}\n  ${sent}`),
  ].join("\n");
}

function rows(counts: ReadonlyMap<string, number>): readonly string[] {
  const sorted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const widest = Math.max(...sorted.map(([name]) => name.length));
  return sorted.map(([name, count]) => `  ${name.padEnd(widest)}  ${String(count).padStart(8)}`);
}
