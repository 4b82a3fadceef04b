import type { Verdict } from "./checker/checker.ts";
import type { Firing } from "./checker/case-file.ts";

/** The lateness of the firings that were due during a fault and shortly after it. */
type Lateness = {
  readonly fault: string;
  readonly lastedMs: number;
  readonly firings: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /**
   * The time from the end of the fault to the last firing that was more than half a second late. The value is 0 if there is
   * no such firing.
   */
  readonly afterMs: number;
  /**
   * The performance target that limits `afterMs`. Undefined if there is no target, or if other faults happen in the
   * same step.
   */
  readonly targetMs: number | undefined;
};

/** The performance targets. The targets for Kafka include the 5 s of successful responses for which the timer waits. */
const targets: readonly (readonly [RegExp, number])[] = [
  [/^postgres-(?:shutdown|terminate|full-disk)/, 1_000],
  [/^kill timer/, 7_000],
  [/^freeze timer/, 1_000],
  [/^broker-| timer\/.* to kafka$/, 6_500],
];

const windowMs = 6_000;
/**
 * `afterMs` takes no account of a firing that was due later than this time after the end of the fault. Such a firing
 * may belong to the next fault.
 */
const owedMs = 1_000;
const lateMs = 500;

/** Returns a row per fault. Faults of the same step have the same measurements. */
export function latenessOf({ firings, faults }: Pick<Verdict, "firings" | "faults">): Lateness[] {
  const byDue = firings.toSorted((a, b) => a.dueAt - b.dueAt);
  return faults
    .filter(({ phase }) => phase === "over")
    .map((over) => {
      const { name, step } = over;
      const begun = faults.find((note) => note.phase === "begins" && note.step === step && note.name === name);
      const from = begun?.at ?? over.at;
      const together = faults.filter((note) => note.step === step && note.phase === "over").map((note) => note.name);
      const others = faults.filter((note) => note.phase === "begins" && note.step > step);
      const until = Math.min(over.at + windowMs, ...others.map(({ at }) => at));
      const inWindow = between(byDue, from, until);
      const late = inWindow.map(latenessMs).toSorted((a, b) => a - b);
      const owed = inWindow.filter(({ dueAt }) => dueAt < over.at + owedMs);
      const lastLate = owed.filter((firing) => latenessMs(firing) > lateMs).map(({ firedAt }) => firedAt);
      return {
        fault: together.length > 1 ? `${name} (with ${together.length - 1} more)` : name,
        lastedMs: over.at - from,
        firings: late.length,
        p50: quantile(late, 0.5),
        p99: quantile(late, 0.99),
        max: late.at(-1) ?? 0,
        afterMs: lastLate.reduce((latest, at) => Math.max(latest, at - over.at), 0),
        targetMs: together.length > 1 ? undefined : targets.find(([pattern]) => pattern.test(name))?.[1],
      };
    });
}

/** Returns the report as rows of text. The findings come last. */
export function reportLines(verdict: Verdict): string[] {
  const { findings, excused, counts, faults } = verdict;
  const missing = faults.filter(({ phase }) => phase === "skipped" || phase === "failed");
  const counters = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const all = verdict.firings.map(latenessMs).toSorted((a, b) => a - b);
  return [
    "",
    ...table(latenessOf(verdict)),
    "",
    `lateness of all firings: p50 ${quantile(all, 0.5)} ms, p99 ${quantile(all, 0.99)} ms, max ${all.at(-1) ?? 0} ms`,
    counters.join(", "),
    ...(verdict.audit.size === 0 ? [] : [`the auditor: ${auditOf(verdict)}`]),
    ...missing.map(({ name, phase, why }) => `${phase}: ${name}: ${why ?? ""}`),
    ...examplesOf(excused.map((one) => ({ ...one, kind: `excused ${one.kind}`, what: `${one.what}: ${one.lost}` }))),
    ...examplesOf(findings),
    findings.length === 0
      ? "no findings: nothing was lost, doubled, early, out of order or incomplete"
      : `${findings.length} findings`,
  ];
}

/** Returns the count and the first findings of each kind. */
function examplesOf(findings: readonly { readonly kind: string; readonly caseId: string; readonly what: string }[]) {
  return [...Map.groupBy(findings, ({ kind }) => kind)].flatMap(([kind, all]) => [
    `${kind}: ${all.length}`,
    ...all.slice(0, 3).map(({ caseId, what }) => `    ${caseId} ${what}`),
  ]);
}

/** Returns, for example, `audit.missed 3, audit.watermark 90`. */
export function auditOf({ audit }: Pick<Verdict, "audit">): string {
  return [...audit].map(([type, count]) => `${type} ${count}`).join(", ");
}

function table(rows: readonly Lateness[]): string[] {
  const head = ["fault", "lasted", "due", "p50", "p99", "max", "late until", "target"];
  const cells = rows.map((row) => [
    row.fault,
    `${(row.lastedMs / 1000).toFixed(1)} s`,
    String(row.firings),
    `${row.p50} ms`,
    `${row.p99} ms`,
    `${row.max} ms`,
    row.afterMs === 0 ? "-" : `+${(row.afterMs / 1000).toFixed(1)} s`,
    targetOf(row),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const pad = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [pad(head), ...cells.map(pad)];
}

function targetOf({ afterMs, targetMs }: Lateness): string {
  if (targetMs === undefined) return "";
  return `+${(targetMs / 1000).toFixed(1)} s${afterMs > targetMs ? " MISSED" : ""}`;
}

function latenessMs({ firedAt, dueAt }: Firing): number {
  return firedAt - dueAt;
}

function between(byDue: readonly Firing[], from: number, to: number): readonly Firing[] {
  return byDue.slice(firstFrom(byDue, from), firstFrom(byDue, to));
}

function firstFrom(byDue: readonly Firing[], instant: number): number {
  let [low, high] = [0, byDue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byDue[middle] as Firing).dueAt < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantile(sorted: readonly number[], of: number): number {
  return sorted[Math.floor(sorted.length * of)] ?? sorted.at(-1) ?? 0;
}
