import type { ClockOfLine, TrimNote } from "../history.ts";
import type { CaseFile, CaseEvent, Firing } from "./case-file.ts";
import type { ExcusedFinding, Finding } from "./findings.ts";
import { type Knowledge, possibleKnowledge } from "./knowledge.ts";
import type { Losses } from "./losses.ts";
import { type Span, closingSpans, isAnswer, replySpans } from "./solved.ts";

/** Something that had to fire, and until when it may have been stopped: by `stop`, or by nothing. */
type ExpectedFiring = {
  readonly clock: string;
  readonly startedAt: number;
  readonly threshold: number;
  readonly dueAt: number;
  readonly stop: CaseEvent | undefined;
};

type FiringVerdict = {
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
type TimerVerdict = Omit<FiringVerdict, "found"> & {
  readonly findings: Finding[];
  readonly excused: ExcusedFinding[];
  readonly timer: Knowledge;
};

/**
 * Judges a case's firings by all of its events, or, where some were lost to the timer, by what it can have known: all of them
 * together must follow from one such knowledge. So a case that lost a record goes on firing, as of what was known.
 */
export function checkTimer(
  file: CaseFile,
  clocks: readonly ClockOfLine[],
  dueBefore: number,
  losses: Losses,
): TimerVerdict {
  const check = (timer: Knowledge) => ({ ...checkFirings(file, timer.events, clocks, dueBefore), timer });
  const [all, ...some] = possibleKnowledge(file, "timer", losses);
  const whole = check(all);
  const { found, timer, races, crossingRaces } = some
    .map(check)
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
export function checkAwakening({ caseId, firings }: CaseFile, trims: readonly TrimNote[]): Finding[] {
  return trims.flatMap(({ at, silentUntil }) =>
    firings
      .filter(({ dueAt, firedAt }) => dueAt <= at + dueInSilenceMs && firedAt > silentUntil)
      .map(({ clock, threshold, dueAt, firedAt }) => {
        const what = `${clock} ${threshold} % fired ${firedAt - Math.max(at, dueAt)} ms after the timer's log was trimmed`;
        return { kind: "late-firing", caseId, what };
      }),
  );
}

/** Works out from events of a case what had to fire, and compares: the rules of these clocks, written a second time. */
function checkFirings(
  { caseId, firings }: CaseFile,
  events: readonly CaseEvent[],
  clocks: readonly ClockOfLine[],
  dueBefore: number,
): FiringVerdict {
  const found = new Map<string, Finding>();
  const fired = new Map(firings.map((firing) => [nameOf(firing), firing]));
  let races = 0;
  let crossingRaces = 0;
  for (const expected of clocks.flatMap((clock) => expectedFirings(events, clock, dueBefore))) {
    const { clock, threshold, dueAt, stop, startedAt } = expected;
    const name = nameOf(expected);
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

function expectedFirings(events: readonly CaseEvent[], clock: ClockOfLine, dueBefore: number): ExpectedFiring[] {
  return spansOf(events, clock, dueBefore).flatMap(({ startedAt, stop }) =>
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
function spansOf(events: readonly CaseEvent[], { kind, targetMs }: ClockOfLine, dueBefore: number): Span[] {
  if (kind === "confirmation") return closingSpans(events);
  if (kind === "reply")
    return replySpans(events, targetMs, (stop) => Math.min(dueBefore + unendingMs, stop + mayBeUnreadMs));
  const isStart = kind === "first-response" ? opens : beginsToStall;
  const isStop = kind === "first-response" ? answers : endsStall;
  return events.filter(isStart).map((event) => {
    const isLater = (other: CaseEvent): boolean => {
      // Within one topic the order tells; between topics only the time does.
      const isSameTopic = event.type.startsWith("handoff.") === other.type.startsWith("handoff.");
      return isSameTopic ? events.indexOf(other) > events.indexOf(event) : other.time >= event.time;
    };
    const earlier = events.filter((other) => other !== event && !isLater(other));
    const inTheWay = earlier.filter(
      (other) => other.type === "case.closed" || (!opensHandling(event) && hangsUp(other)),
    );
    const away = earlier.findLast((other) => crosses(other) || givesBack(other));
    const stops = events.filter((other) => other !== event && isLater(other) && isStop(other));
    if (away !== undefined && crosses(away) && !givesBack(event)) inTheWay.push(away);
    return { startedAt: event.time, stop: [...inTheWay, ...stops].toSorted((a, b) => a.time - b.time)[0] };
  });
}

const opens = ({ type }: CaseEvent): boolean => type === "case.opened";
const answers = (event: CaseEvent): boolean => isAnswer(event) || event.type === "case.closed";
const isProgress = ({ type, isNews }: CaseEvent): boolean => type === "entry.added" && isNews;
const crosses = ({ type }: CaseEvent): boolean => type === "handoff.offered";
const opensHandling = ({ type }: CaseEvent): boolean => type === "handling.started" || type === "case.opened";
const hangsUp = ({ type }: CaseEvent): boolean => type === "handling.ended";
// The case is the holder's anew: where the carrier's handling is not over by then, it goes on.
const givesBack = ({ type }: CaseEvent): boolean => type === "handoff.resolved" || type === "handoff.withdrawn";
const beginsToStall = (event: CaseEvent): boolean =>
  event.type === "handling.started" || givesBack(event) || isProgress(event);
const endsStall = (event: CaseEvent): boolean =>
  isProgress(event) || crosses(event) || ["case.closed", "case.resolved", "handling.ended"].includes(event.type);

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(11, 23);
}
