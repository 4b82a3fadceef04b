import type { ClockOfLine, Trimmed } from "../history.ts";
import type { CaseFile, Fact, Firing } from "./case-file.ts";
import type { Excused, Finding } from "./findings.ts";
import { type Knowledge, knowledgesOf } from "./knowledge.ts";
import type { Losses } from "./losses.ts";
import { type Span, closingSpans, isAnswer, replySpans } from "./solved.ts";

/** Something that had to fire, and until when it may have been stopped: by `stop`, or by nothing. */
type Obligation = {
  readonly clock: string;
  readonly startedAt: number;
  readonly threshold: number;
  readonly dueAt: number;
  readonly stop: Fact | undefined;
};

type Judged = {
  /** By the name of what had to fire, or did. */
  readonly found: ReadonlyMap<string, Finding>;
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

/** What is wrong with the firings, what of it a lost record excuses, and what the timer seems to have known. */
type JudgedTimer = Omit<Judged, "found"> & {
  readonly findings: Finding[];
  readonly excused: Excused[];
  readonly timer: Knowledge;
};

/**
 * Judges a case's firings by all of its facts, or, where some were lost to the timer, by what it can have known: all of them
 * together must follow from one such knowledge. So a case that lost a record goes on firing, as of what was known.
 */
export function judgeTimer(
  file: CaseFile,
  clocks: readonly ClockOfLine[],
  dueBefore: number,
  losses: Losses,
): JudgedTimer {
  const judge = (timer: Knowledge) => ({ ...judgeFirings(file, timer.facts, clocks, dueBefore), timer });
  const [all, ...some] = knowledgesOf(file, "timer", losses);
  const whole = judge(all);
  const { found, timer, races, crossingRaces } = some
    .map(judge)
    .reduce((best, one) => (one.found.size < best.found.size ? one : best), whole);
  const { lost } = timer;
  const excused = [...whole.found].flatMap(([name, finding]) => (found.has(name) ? [] : [{ ...finding, lost }]));
  return { findings: [...found.values()], excused, timer, races, crossingRaces };
}

/** A reply whose answer was lost is asked for until the run ends, which is so long at most after what must have been seen. */
const unendingMs = 60_000;

/** What is due so long after the log was trimmed still has to fire in the silence. */
const dueInSilenceMs = 5_000;

/**
 * What was due soon after the timer's log was trimmed fires before clients ask for anything again: a partition must not wait for
 * a record that was deleted until another one comes.
 */
export function judgeAwakening({ caseId, firings }: CaseFile, trims: readonly Trimmed[]): Finding[] {
  return trims.flatMap(({ at, silentUntil }) =>
    firings
      .filter(({ dueAt, firedAt }) => dueAt <= at + dueInSilenceMs && firedAt > silentUntil)
      .map(({ clock, threshold, dueAt, firedAt }) => {
        const what = `${clock} ${threshold} % fired ${firedAt - Math.max(at, dueAt)} ms after the timer's log was trimmed`;
        return { kind: "late-firing", caseId, what };
      }),
  );
}

/** Works out from facts of a case what had to fire, and compares: the rules of these clocks, written a second time. */
function judgeFirings(
  { caseId, firings }: CaseFile,
  facts: readonly Fact[],
  clocks: readonly ClockOfLine[],
  dueBefore: number,
): Judged {
  const found = new Map<string, Finding>();
  const fired = new Map(firings.map((firing) => [nameOf(firing), firing]));
  let races = 0;
  let crossingRaces = 0;
  for (const obligation of clocks.flatMap((clock) => obligationsOf(facts, clock, dueBefore))) {
    const { clock, threshold, dueAt, stop, startedAt } = obligation;
    const name = nameOf(obligation);
    const firing = fired.get(name);
    fired.delete(name);
    const find = (kind: Finding["kind"], what: string): unknown =>
      found.set(name, { kind, caseId, what: `${clock} ${threshold} % ${what}` });
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
  for (const [name, { clock, threshold, startedAt }] of fired) {
    const what = `${clock} ${threshold} % of ${iso(startedAt)} had no reason to fire`;
    found.set(name, { kind: "wrong-firing", caseId, what });
  }
  return { found, races, crossingRaces };
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
  if (kind === "reply")
    return replySpans(facts, targetMs, (stop) => Math.min(dueBefore + unendingMs, stop + mayBeUnreadMs));
  const isStart = kind === "first-response" ? opens : beginsToStall;
  const isStop = kind === "first-response" ? answers : endsStall;
  return facts.filter(isStart).map((fact) => {
    const isLater = (other: Fact): boolean => {
      // Within one topic the order tells; between topics only the time does.
      const isSameTopic = fact.type.startsWith("handoff.") === other.type.startsWith("handoff.");
      return isSameTopic ? facts.indexOf(other) > facts.indexOf(fact) : other.time >= fact.time;
    };
    const earlier = facts.filter((other) => other !== fact && !isLater(other));
    const inTheWay = earlier.filter(
      (other) => other.type === "case.closed" || (!opensHandling(fact) && hangsUp(other)),
    );
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
const opensHandling = ({ type }: Fact): boolean => type === "handling.started" || type === "case.opened";
const hangsUp = ({ type }: Fact): boolean => type === "handling.ended";
// The case is the holder's anew: where the carrier's handling is not over by then, it goes on.
const givesBack = ({ type }: Fact): boolean => type === "handoff.resolved" || type === "handoff.withdrawn";
const beginsToStall = (fact: Fact): boolean => fact.type === "handling.started" || givesBack(fact) || isProgress(fact);
const endsStall = (fact: Fact): boolean =>
  isProgress(fact) || crosses(fact) || ["case.closed", "case.resolved", "handling.ended"].includes(fact.type);

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(11, 23);
}
