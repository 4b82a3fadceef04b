import type { FuzzResult } from "./run.ts";

const faultsMax = 30;

/** A result for a person to read. */
export function toText({ seed, requests, faults, later, byStatus, byDamage, byOperation }: FuzzResult): string {
  const operations = [...byOperation];
  const never = operations.filter(([, { good }]) => good === 0).map(([id]) => id);
  const fewest = Math.min(...operations.map(([, { sent }]) => sent));
  return [
    `${requests} requests, seed ${seed}: ${faults.length} kinds of faults; ${later} were told to come later (503)`,
    "",
    "  status   answers",
    ...rows(byStatus),
    "",
    "  damage                   requests",
    ...rows(byDamage),
    "",
    `${operations.length} operations, each sent ${fewest} times or more; ${operations.length - never.length} gave a good answer`,
    ...(never.length === 0 ? [] : [`  never answered well: ${never.join(", ")}`]),
    ...faults.slice(0, faultsMax).map(({ what, sent }) => `\nFAULT ${what}\n  ${sent}`),
  ].join("\n");
}

function rows(counts: ReadonlyMap<string, number>): readonly string[] {
  const sorted = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const widest = Math.max(...sorted.map(([name]) => name.length));
  return sorted.map(([name, count]) => `  ${name.padEnd(widest)}  ${String(count).padStart(8)}`);
}
