import {
  type Actor,
  type CustomerStep,
  type EventData,
  type EventType,
  type ReceivedMessage,
  formatInstant,
} from "@crossline/contracts";

/** The step of an event without its instant. Undefined: the customer reads nothing of the event. */
type Step = Omit<CustomerStep, "at"> | undefined;

/** The maximum number of steps that a customer reads. The opening is always one of them. */
const stepsMax = 100;

type Promises = ReadonlyMap<string, EventData<"promise.made">>;
type Reader<T extends EventType> = (data: EventData<T>, promises: Promises) => Step;

/**
 * For each type of event that a customer may read, its step. An event of any other type is internal. A step has the names of companies.
 * It never has the name of a person, a code, a clock or a text that was not written for the customer.
 */
const readers: { readonly [T in EventType]?: Reader<T> } = {
  "case.opened": ({ carrier }) => ({ kind: "opened", party: carrier }),
  "case.contacted": ofContact,
  "handling.started": ({ actor, channel }) =>
    actor.automated ? undefined : { kind: "live", party: actor.party, channel },
  "entry.added": ({ actor, audience, chain, by, text }) => {
    if (audience !== "customer" || chain === "internal" || text === undefined) return undefined;
    return by === "customer" ? { kind: "you-wrote", words: text } : { kind: "note", party: actor.party, words: text };
  },
  "case.status-changed": ({ actor: { party }, to, waitingOn }) => {
    if (to === "pending" && waitingOn === "customer") return { kind: "waiting-for-you", party };
    return to === "cancelled" || to === "rejected" ? { kind: to, party } : undefined;
  },
  "promise.made": ({ promisor, text, from, until }) => ({
    kind: "promised",
    party: promisor,
    words: text,
    ...(from !== undefined && { from }),
    until,
  }),
  "promise.delivered": ({ promisor, promiseId, kept }, promises) => ({
    kind: kept ? "kept" : "kept-late",
    party: promisor,
    ...wordsOf(promises, promiseId),
  }),
  "promise.withdrawn": ({ promisor, promiseId }, promises) => ({
    kind: "withdrawn",
    party: promisor,
    ...wordsOf(promises, promiseId),
  }),
  "handoff.accepted": ({ vendor }) => ({ kind: "worked-on", party: vendor }),
  "handoff.returned": ({ vendor }) => ({ kind: "given-back", party: vendor }),
  "handoff.taken": ({ actor }) => ({ kind: "taken", party: actor.party }),
  "joint.declared": ({ accountable }) => ({ kind: "together", party: accountable }),
  "handoff.resolved": ({ vendor }) => ({ kind: "resolved", party: vendor }),
  // The fix of a vendor is the step of `handoff.resolved`.
  "case.resolved": ({ actor, handoffId }) =>
    handoffId === undefined ? { kind: "resolved", party: actor.party } : undefined,
  "case.reopened": ({ actor }) => ({ kind: "reopened", party: actor.party }),
  "case.closed": ({ actor, reason }) => ({ kind: reason === "merged" ? "continued" : "closed", party: actor.party }),
};

/** The types of the facts that a customer may read. */
export const customerFactTypes: readonly EventType[] = Object.keys(readers) as EventType[];

/** Returns the history of a case that its customer may read, the oldest step first. `facts` are in the order of the journal. */
export function customerStepsOf(facts: readonly ReceivedMessage[]): readonly CustomerStep[] {
  const promises = new Map<string, EventData<"promise.made">>();
  const steps: CustomerStep[] = [];
  for (const { type, data, time } of facts) {
    if (type === "promise.made") {
      const made = data as EventData<"promise.made">;
      promises.set(made.promiseId, made);
    }
    const read = Object.hasOwn(readers, type) ? (readers[type as EventType] as Reader<EventType>) : undefined;
    const step = read?.(data as never, promises);
    if (step !== undefined) addStep(steps, { at: formatInstant(time), ...step });
  }
  const [opening, ...later] = steps;
  return opening === undefined ? [] : [opening, ...later.slice(1 - stepsMax)];
}

/**
 * Adds a step. A live contact is a handling too, with the same instant. The words of an act on the customer's screen are an entry, also
 * with the same instant. The customer reads each of them once.
 */
function addStep(steps: CustomerStep[], step: CustomerStep): void {
  const last = steps.at(-1);
  const isSame = last?.at === step.at;
  if (isSame && step.kind === "live" && last.channel === step.channel) return;
  if (isSame && step.kind === "you-wrote" && last.words === undefined && ownActs.has(last.kind))
    steps[steps.length - 1] = { ...last, ...(step.words !== undefined && { words: step.words }) };
  else steps.push(step);
}

const ownActs: ReadonlySet<CustomerStep["kind"]> = new Set(["you-contacted", "you-confirmed", "you-disagreed"]);

function ofContact({ actor, channel, direction, content }: EventData<"case.contacted">): Step {
  if (direction === "inbound")
    switch (content) {
      case "works":
        return { kind: "you-confirmed" };
      case "still-broken":
        return { kind: "you-disagreed" };
      case "auto-reply":
        return undefined;
      default:
        return { kind: "you-contacted", party: actor.party, channel };
    }
  return ofOutbound(actor, { channel, content });
}

/** Only a person answers or asks. A link to an article is no answer. */
function ofOutbound(
  { party, automated }: Actor,
  { channel, content }: Pick<EventData<"case.contacted">, "channel" | "content">,
): Step {
  if (automated) return undefined;
  if (content === "answer") return { kind: "answered", party, channel };
  return content === "inquiry" ? { kind: "asked", party, channel } : undefined;
}

function wordsOf(promises: Promises, promiseId: string): { readonly words?: string } {
  const made = promises.get(promiseId);
  return made === undefined ? {} : { words: made.text };
}
