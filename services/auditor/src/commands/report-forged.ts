import { wall } from "@crossline/contracts";
import { type Consumer, partitionOf } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { linesOf } from "../rules/index.ts";
import { lockCases, updateCases } from "../store/audited-cases.ts";
import { isFoundForged } from "../store/findings.ts";
import type { Lines } from "../store/lines.ts";
import { type LoadedCase, type Report, createReport, toRow } from "./report.ts";

/**
 * A case of which the auditor has read a sequence that the owner of the topic never had. `last` is the last sequence of the owner.
 * Undefined: the owner does not have the case.
 */
export type ForgedKey = {
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
  readonly last: number | undefined;
};

export type ReportForgedDeps = {
  readonly consumer: Pick<Consumer, "fences">;
  readonly lines: Lines;
  readonly partitions: number;
};

/**
 * Reports each forged record once, in the partitions that this process owns. A case that its owner does not have is reported only on
 * the wall timeline, because the cases of a removed timeline are deleted.
 */
export async function reportForged(tx: Tx, deps: ReportForgedDeps, forged: readonly ForgedKey[]): Promise<Report> {
  const { consumer, lines, partitions } = deps;
  const owned = await consumer.fences(tx, [...new Set(forged.map(({ key }) => partitionOf(key, partitions)))]);
  const rows = await lockCases(tx, [...new Set(forged.map(({ key }) => key))]);
  const report = createReport(await now(tx));
  await lines.load(
    tx,
    rows.flatMap(({ state }) => linesOf(state)),
  );
  const loaded = new Map(rows.map((row): [string, LoadedCase] => [row.state.caseId, { ...row }]));
  for (const { topic, key, sequence, last } of forged) {
    const found = loaded.get(key);
    if (found === undefined || !owned.has(found.partition)) continue;
    if (last === undefined && found.state.timeline !== wall) continue;
    if (await isFoundForged(tx, { topic, key, sequence })) continue;
    const data = { topic, sequence, last: last ?? 0 };
    report.addFinding(found, { kind: "forged", clock: "record", at: report.now, data });
  }
  if (report.findings.length === 0) return report;
  await updateCases(
    tx,
    [...loaded.values()].map((each) => toRow(each, lines)),
  );
  await report.save(tx);
  return report;
}
