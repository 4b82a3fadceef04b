import type { Platform } from "../platform.ts";
import { type SeparateCounts, countSeparately } from "./separate-counts.ts";
import { type Crossings, FirstCrossings } from "./crossings.ts";
import { expectFirings, firingsIn } from "./expected-counts.ts";
import { type ReplayOptions, replayLog } from "./replay.ts";
import type { Breach, Tally } from "./tally.ts";
import { type AuditorsVerdict, watchVerdict } from "./verdict.ts";

/** The result of a replay: the independent counts, the auditor's verdict, the crossings, and the separate counts. */
export type ReplayResult = {
  readonly tally: Tally;
  readonly seconds: number;
  readonly auditor: AuditorsVerdict;
  readonly crossings: Crossings;
  readonly apart: SeparateCounts;
};

/** Replays a history under an observing line, and waits for the auditor's verdict. */
export async function replayAndJudge(
  platform: Pick<Platform, "url" | "settings" | "isDisposable" | "kafka">,
  { cases, line, started, signal }: Pick<ReplayOptions, "cases" | "line" | "started" | "signal">,
): Promise<ReplayResult> {
  const auditor = await watchVerdict(platform);
  const expected = expectFirings(cases, line);
  const crossings = new FirstCrossings();
  const breaches: Breach[] = [];
  const isWhole = expected.unchecked.size === 0;
  let verdict: AuditorsVerdict | undefined;
  const { tally, seconds } = await replayLog(platform, {
    cases,
    line,
    onBreach: (breach) => {
      breaches.push(breach);
      crossings.add(breach);
    },
    ...(started !== undefined && { started }),
    signal,
    // If the log determines the number of firings, the auditor must confirm this number. Otherwise, the auditor must
    // confirm the observed number.
    judge: async ({ fired }) => {
      verdict = await auditor.verdict(isWhole ? firingsIn(expected) : fired);
    },
    ...(!isWhole && { isSettled: async (fired) => (await auditor.check(fired)).agrees }),
  });
  if (verdict === undefined) throw new Error("the auditor gave no verdict");
  const apart = countSeparately(cases, breaches, crossings.all());
  return { tally, seconds, auditor: verdict, crossings: crossings.count(cases), apart };
}
