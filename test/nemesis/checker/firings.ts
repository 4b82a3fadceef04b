import type { ClockOfLine } from "../history.ts";
import type { CaseFile, Fact, Firing } from "./case-file.ts";
import type { Finding } from "./findings.ts";
import { type Span, closingSpans, isAnswer, replySpans } from "./solved.ts";

/** Something that had to fire, and until when it may have been stopped: by `stop`, or by nothing. */
type Obligation = {
  readonly clock: string;
  readonly startedAt: number;
  readonly threshold: number;
  readonly dueAt: number;
  readonly stop: Fact | undefined;
};

export type Judged = {
  readonly findings: Finding[];
  /** Firings that what happened in time was too late to stop, though the timer could not have known. */
  readonly races: number;
  /** Those of them that made a case cross. */
  readonly crossingRaces: number;
};

/**
 * How old the timer's last look at the broker may be when it fires: what had reached the broker earlier than that must have
 * been taken into account. Half a second more for the two clocks and the transaction.
 */
const mayBeUnreadMs = 3_500;

/** Works out from a case's history what had to fire, and compares: the rules of these clocks, written a second time. */
export function judgeFirings(file: CaseFile, clocks: readonly ClockOfLine[], dueBefore: number): Judged {
  const findings: Finding[] = [];
  const fired = new Map(file.firings.map((firing) => [nameOf(firing), firing]));
  let races = 0;
  let crossingRaces = 0;
  for (const obligation of clocks.flatMap((clock) => obligationsOf(file.facts, clock, dueBefore))) {
    const { clock, threshold, dueAt, stop, startedAt } = obligation;
    const firing = fired.get(nameOf(obligation));
    fired.delete(nameOf(obligation));
    const find = (kind: Finding["kind"], what: string): number =>
      findings.push({ kind, caseId: file.caseId, what: `${clock} ${threshold} % ${what}` });
    const makesItCross = threshold === 100 && clock.startsWith("stall");
    const isOwed = stop === undefined || dueAt < stop.time;
    if (firing === undefined) {
      if (isOwed && dueAt < dueBefore) find("lost-firing", `of ${iso(startedAt)}, due ${iso(dueAt)}`);
    } else if (firing.dueAt !== dueAt) find("wrong-firing", `was due ${iso(dueAt)}, not ${iso(firing.dueAt)}`);
    else if (isOwed) continue;
    else if (firing.firedAt - stop.stamp > mayBeUnreadMs) {
      const what = `fired although ${stop.type} had been in the broker for ${firing.firedAt - stop.stamp} ms`;
      find(makesItCross ? "needless-crossing" : "wrong-firing", what);
    } else {
      races++;
      if (makesItCross) crossingRaces++;
    }
  }
  for (const { clock, threshold, startedAt } of fired.values()) {
    const what = `${clock} ${threshold} % of ${iso(startedAt)} had no reason to fire`;
    findings.push({ kind: "wrong-firing", caseId: file.caseId, what });
  }
  return { findings, races, crossingRaces };
}

function nameOf(of: Pick<Firing, "clock" | "startedAt" | "threshold">): string {
  return `${of.clock} ${of.startedAt} ${of.threshold}`;
}

function obligationsOf(facts: readonly Fact[], clock: ClockOfLine, dueBefore: number): Obligation[] {
  return spansOf(facts, clock, dueBefore).flatMap(({ startedAt, stop }) =>
    clock.thresholds.map((threshold) => ({
      clock: clock.name,
      startedAt,
      threshold,
      dueAt: startedAt + Math.ceil((clock.targetMs * threshold) / 100),
      stop,
    })),
  );
}

/**
 * From when to when the clock ran. What came to an end before it could begin is a span too, of which nothing is owed: topics
 * overtake each other, and the timer may have begun it in good faith.
 */
function spansOf(facts: readonly Fact[], { kind, targetMs }: ClockOfLine, dueBefore: number): Span[] {
  if (kind === "confirmation") return closingSpans(facts);
  if (kind === "reply") return replySpans(facts, targetMs, (stop) => Math.min(dueBefore, stop + mayBeUnreadMs));
  const isStart = kind === "first-response" ? opens : beginsToStall;
  const isStop = kind === "first-response" ? answers : endsStall;
  return facts.filter(isStart).map((fact) => {
    const isLater = (other: Fact): boolean => {
      // Within one topic the order tells; between topics only the time does.
      const isSameTopic = fact.type.startsWith("handoff.") === other.type.startsWith("handoff.");
      return isSameTopic ? facts.indexOf(other) > facts.indexOf(fact) : other.time >= fact.time;
    };
    const earlier = facts.filter((other) => other !== fact && !isLater(other));
    const inTheWay = earlier.filter((other) => other.type === "case.closed" || (givesBack(fact) && hangsUp(other)));
    const away = earlier.findLast((other) => crosses(other) || givesBack(other));
    const stops = facts.filter((other) => other !== fact && isLater(other) && isStop(other));
    if (away !== undefined && crosses(away) && !givesBack(fact)) inTheWay.push(away);
    return { startedAt: fact.time, stop: [...inTheWay, ...stops].toSorted((a, b) => a.time - b.time)[0] };
  });
}

const opens = ({ type }: Fact): boolean => type === "case.opened";
const answers = (fact: Fact): boolean => isAnswer(fact) || fact.type === "case.closed";
const isProgress = ({ type, isNews }: Fact): boolean => type === "entry.added" && isNews;
const crosses = ({ type }: Fact): boolean => type === "handoff.offered";
const hangsUp = ({ type }: Fact): boolean => type === "handling.ended";
// The case is the holder's anew: where the carrier's handling is not over by then, it goes on.
const givesBack = ({ type }: Fact): boolean => type === "handoff.resolved" || type === "handoff.withdrawn";
const beginsToStall = (fact: Fact): boolean => fact.type === "handling.started" || givesBack(fact) || isProgress(fact);
const endsStall = (fact: Fact): boolean =>
  isProgress(fact) || crosses(fact) || ["case.closed", "case.resolved", "handling.ended"].includes(fact.type);

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(11, 23);
}
