import type { ClockOfLine, TrimNote } from "../history.ts";
import type { CaseFile, CaseEvent, Firing } from "./case-file.ts";
import type { ExcusedFinding, Finding } from "./findings.ts";
import { type Knowledge, possibleKnowledge } from "./knowledge.ts";
import type { Losses } from "./losses.ts";
import { type Span, closingSpans, isAnswer, replySpans } from "./solved.ts";

/** A firing that had to happen, unless `stop` came before it. */
type ExpectedFiring = {
  readonly clock: string;
  readonly startedAt: number;
  readonly threshold: number;
  readonly dueAt: number;
  readonly stop: CaseEvent | undefined;
};

type FiringVerdict = {
  /** The findings, by the name of the expected or actual firing. */
  readonly byName: ReadonlyMap<string, Finding>;
  /** Firings that an event before the deadline would have prevented, if the timer had been able to read the event in time. */
  readonly races: number;
  /** The races after which a case crossed. */
  readonly crossingRaces: number;
};

/**
 * The timer must have queried the broker within this time before a firing. The timer must have applied every record
 * that the broker had before the query. Half a second of `mayBeUnreadMs` is for the transaction and for the difference
 * between the clocks of two machines.
 */
const mayBeUnreadMs = 3_500;

/** The findings, the excused findings, and the timer's most probable knowledge of the case. */
type TimerVerdict = Omit<FiringVerdict, "byName"> & {
  readonly findings: Finding[];
  readonly excused: ExcusedFinding[];
  readonly timer: Knowledge;
};

/**
 * Checks the firings of a case against all its events. If the timer lost some of these events, one set of events that
 * the timer may have read must explain all firings. The clocks of the case must therefore still fire as the remaining
 * events require.
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
  const { byName, timer, races, crossingRaces } = some
    .map(check)
    .reduce((best, one) => (one.byName.size < best.byName.size ? one : best), whole);
  const { lost } = timer;
  const excused = [...whole.byName].flatMap(([name, finding]) => (byName.has(name) ? [] : [{ ...finding, lost }]));
  return { findings: [...byName.values()], excused, timer, races, crossingRaces };
}

/**
 * If the timer lost an answer, the reply stays owed until the run ends. The run ends at most this long after the last checked
 * instant.
 */
const unendingMs = 60_000;

/** A firing that is due up to this time after the trim must happen during the silence. */
const dueInSilenceMs = 5_000;

/**
 * Finds firings that were due soon after a trim of the timer's log, but happened only after the silence. If the next record of a
 * partition was deleted, the partition must not wait for another record.
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

/**
 * Calculates the expected firings from the events of a case and compares them with the actual ones. The function
 * repeats the rules of the load's clocks independently of the system.
 */
function checkFirings(
  { caseId, firings }: CaseFile,
  events: readonly CaseEvent[],
  clocks: readonly ClockOfLine[],
  dueBefore: number,
): FiringVerdict {
  const byName = new Map<string, Finding>();
  const fired = new Map(firings.map((firing) => [nameOf(firing), firing]));
  let races = 0;
  let crossingRaces = 0;
  for (const expected of clocks.flatMap((clock) => expectedFirings(events, clock, dueBefore))) {
    const { clock, threshold, dueAt, stop, startedAt } = expected;
    const name = nameOf(expected);
    const firing = fired.get(name);
    fired.delete(name);
    const find = (kind: Finding["kind"], what: string): unknown =>
      byName.set(name, { kind, caseId, what: `${clock} ${threshold} % ${what}` });
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
    byName.set(name, { kind: "wrong-firing", caseId, what });
  }
  return { byName, races, crossingRaces };
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
 * Returns the periods in which the clock ran. If an end has an earlier instant than its start, the list contains this
 * period, but no firing is owed. The end and the start can be on different topics, so the timer may fire before it
 * reads the end.
 */
function spansOf(events: readonly CaseEvent[], { kind, targetMs }: ClockOfLine, dueBefore: number): Span[] {
  if (kind === "confirmation") return closingSpans(events);
  if (kind === "reply")
    return replySpans(events, targetMs, (stop) => Math.min(dueBefore + unendingMs, stop + mayBeUnreadMs));
  const isStart = kind === "first-response" ? opens : beginsToStall;
  const isStop = kind === "first-response" ? answers : endsStall;
  return events.filter(isStart).map((event) => {
    const isLater = (other: CaseEvent): boolean => {
      // The sequence gives the order within a topic, and the time gives the order between topics.
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
// The holder's clocks start again. A handling of the carrier continues, unless it has ended before this event.
const givesBack = ({ type }: CaseEvent): boolean => type === "handoff.resolved" || type === "handoff.withdrawn";
const beginsToStall = (event: CaseEvent): boolean =>
  event.type === "handling.started" || givesBack(event) || isProgress(event);
const endsStall = (event: CaseEvent): boolean =>
  isProgress(event) || crosses(event) || ["case.closed", "case.resolved", "handling.ended"].includes(event.type);

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(11, 23);
}
