import type { ClockEvent } from "@crossline/contracts";
import type { CaseClocks, ClockInput } from "@crossline/domain";
import type { Fetched } from "../broker.ts";
import { lineOf } from "../lines.ts";
import type { Rules } from "../rules.ts";
import type { Whole } from "./at-the-end.ts";
import { must } from "./violation.ts";

/**
 * The history of a case once more, at full speed and in the order of its instants, as an import would bring it: the same
 * thresholds fire, each at its due instant. A case of which a race was counted may differ.
 */
export function checkReplay({ id, clocks, caseEvents, clockEvents, handoffEvents }: Whole, rules: Rules, now: number): void {
  if (clockEvents.some(({ type }) => type === "clock.overtaken")) return;
  const line = lineOf(clocks.line);
  let state: CaseClocks | undefined;
  const replayed: ClockEvent[] = [];
  const timeline = "imp_00000000000000000000000000";
  for (const event of merged(caseEvents, handoffEvents as readonly unknown[] as readonly Fetched[])) {
    const decision = rules.decide(state, { ...event, timeline } as unknown as ClockInput, line, 0);
    state = decision.state;
    replayed.push(...decision.messages);
  }
  if (state === undefined) return;
  replayed.push(...rules.elapse(state, line, now, 0).messages);
  const [live, again] = [clockEvents, replayed].map(firingsOf) as [string[], string[]];
  const differing = [...live.filter((one) => !again.includes(one)), ...again.filter((one) => !live.includes(one))];
  must("9: a replay fires the same", differing.length === 0, () => {
    const [first] = differing as [string];
    return `${id}: ${first} only ${live.includes(first) ? "when it was live" : "in the replay"}`;
  });
}

function firingsOf(events: readonly ClockEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === "clock.overtaken") return [];
    const { clock, incarnation, threshold, dueAt } = event.data;
    return [`${clock} ${incarnation} ${threshold} % due ${dueAt}`];
  });
}

/** Two topics of one case by their instants; of the same instant what waits for nothing that is still to come. */
function merged(cases: readonly Fetched[], handoffs: readonly Fetched[]): Fetched[] {
  const all: Fetched[] = [];
  let [c, h] = [0, 0];
  while (c < cases.length || h < handoffs.length) {
    const [one, other] = [cases[c], handoffs[h]];
    const waits = (other?.after ?? []).some(({ topic, sequence }) => topic === one?.topic && sequence > c);
    if (other === undefined || (one !== undefined && (one.time < other.time || waits))) all.push(cases[c++]!);
    else if (one === undefined || other.time < one.time) all.push(handoffs[h++]!);
    else if ((one.after ?? []).some(({ topic, sequence }) => topic === other.topic && sequence > h)) all.push(handoffs[h++]!);
    else all.push(cases[c++]!);
  }
  return all;
}

