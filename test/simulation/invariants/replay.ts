import { type ClockEvent, type EventOf, parseInstant } from "@crossline/contracts";
import type { CaseClocks, ClockInput } from "@crossline/domain";
import type { FetchedRecord } from "../broker.ts";
import { lineOf } from "../lines.ts";
import type { World } from "../world.ts";
import { must } from "./violation.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";

const longLateMs = 5_000;

type Firing = EventOf<"clock.warned" | "clock.breached">;

/**
 * Replays the history of a case in the order of its instants, as an import does. The replay must fire the same thresholds, each at its due
 * instant. A case with an overtaken firing is not compared. If the timer read an event late, the same clocks
 * must breach, but their due instants may differ by the delay of the event.
 */
export function checkReplay({ id, clocks, caseEvents, clockEvents, handoffEvents }: CaseSnapshot, world: World): void {
  if (clockEvents.some(({ type }) => type === "clock.overtaken")) return;
  const { rules, scheduler, checks } = world;
  const lateMs = checks.lateMs.get(id) ?? 0;
  if (lateMs > longLateMs) return; // After a long delay of one topic, the timer's order differs too much from the order of the instants.
  const line = lineOf(clocks.line);
  let state: CaseClocks | undefined;
  const replayed: ClockEvent[] = [];
  const timeline = "imp_00000000000000000000000000";
  for (const event of mergeTopics(caseEvents, handoffEvents as readonly unknown[] as readonly FetchedRecord[])) {
    const decision = rules.decide(state, { ...event, timeline } as unknown as ClockInput, line, 0);
    state = decision.state;
    replayed.push(...decision.messages);
  }
  if (state === undefined) return;
  replayed.push(...rules.elapse(state, line, scheduler.now, 0).messages);
  const [live, again] = [clockEvents, replayed].map((events) =>
    events.filter(
      (event): event is Firing => event.type === "clock.breached" || (lateMs === 0 && event.type === "clock.warned"),
    ),
  ) as [Firing[], Firing[]];
  const hasSame = (one: Firing, others: readonly Firing[]): boolean =>
    parseInstant(one.data.dueAt) + lateMs > scheduler.now || others.some((other) => isSame(one, other, lateMs));
  for (const [firings, others, when] of [
    [live, again, "in the live run"] as const,
    [again, live, "in the replay"] as const,
  ]) {
    const only = firings.find((one) => !hasSame(one, others));
    must("9: a replay fires the same", only === undefined, () => {
      const { clock, incarnation, threshold, dueAt } = only!.data;
      return `${id}: ${clock} ${incarnation} fired ${threshold} %, due ${dueAt}, only ${when} (an event was ${lateMs} ms late)`;
    });
  }
}

function isSame({ data: one }: Firing, { data: other }: Firing, lateMs: number): boolean {
  // The incarnation of a clock that starts again after a breach contains the sequence of that breach. The live timer
  // may have published a silent handling before it read a late heartbeat. The event about a silent handling takes a
  // sequence. The same breach can therefore have one sequence in the live run and another sequence in the replay.
  const isNumbered = one.incarnation.startsWith("clock/") && other.incarnation.startsWith("clock/");
  const isOne = isNumbered
    ? one.clock === other.clock && one.threshold === other.threshold
    : one.firingId === other.firingId;
  if (lateMs === 0) return isOne && one.dueAt === other.dueAt;
  return one.clock === other.clock && Math.abs(parseInstant(one.dueAt) - parseInstant(other.dueAt)) <= lateMs;
}

/**
 * Merges the records of two topics of one case in the order of their instants. Among records of the same instant, a record follows its
 * causes.
 */
function mergeTopics(cases: readonly FetchedRecord[], handoffs: readonly FetchedRecord[]): FetchedRecord[] {
  const all: FetchedRecord[] = [];
  const waits = (record: FetchedRecord, { topic }: FetchedRecord, read: number): boolean =>
    (record.after ?? []).some((cause) => cause.topic === topic && cause.sequence > read);
  let [c, h] = [0, 0];
  while (c < cases.length || h < handoffs.length) {
    const [one, other] = [cases[c], handoffs[h]];
    const isHandoffNext =
      other !== undefined &&
      (one === undefined ||
        (other.time <= one.time && !waits(other, one, c) && (other.time < one.time || waits(one, other, h))));
    all.push(isHandoffNext ? handoffs[h++]! : cases[c++]!);
  }
  return all;
}
