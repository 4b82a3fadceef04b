import type { Platform } from "../platform.ts";
import { type SeparateCounts, countSeparately } from "./separate-counts.ts";
import { type Crossings, FirstCrossings } from "./crossings.ts";
import { expectFirings, firingsIn } from "./expected-counts.ts";
import { type ReplayOptions, replayLog } from "./replay.ts";
import type { Breach, Tally } from "./tally.ts";
import { type AuditorsVerdict, watchVerdict } from "./verdict.ts";

/** What a replay came to: what was counted from outside, what the auditor makes of it, what would have crossed, and what says little. */
export type ReplayResult = {
  readonly tally: Tally;
  readonly seconds: number;
  readonly auditor: AuditorsVerdict;
  readonly crossings: Crossings;
  readonly apart: SeparateCounts;
};

/** Replays a history under any line that observes, and waits for the auditor's word. */
export async function replayAndJudge(
  platform: Pick<Platform, "url" | "settings" | "isDisposable">,
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
      crossings.take(breach);
    },
    ...(started !== undefined && { started }),
    signal,
    // The log itself gives the number of firings where it can. Elsewhere the auditor's number is compared with the observed one.
    judge: async ({ fired }) => {
      verdict = await auditor.verdict(isWhole ? firingsIn(expected) : fired);
    },
    ...(!isWhole && { isSettled: async (fired) => (await auditor.glance(fired)).agrees }),
  });
  if (verdict === undefined) throw new Error("the auditor was not asked");
  const apart = countSeparately(cases, breaches, crossings.all());
  return { tally, seconds, auditor: verdict, crossings: crossings.count(cases), apart };
}
