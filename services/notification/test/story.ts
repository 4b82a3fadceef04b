import { type Cause, type EventData, type EventType, type Message, newId, topics, wall } from "@crossline/contracts";
import { pageIdOf } from "@crossline/domain";

/**
 * Makes events of one case as intake, timer and routing publish them. Each topic has its own sequences. Each event is one second
 * later than the event before it.
 */
export function newStory(timeline = wall, carrier = "northtel", more: Partial<EventData<"case.opened">> = {}) {
  const caseId = newId("cs");
  const sequences = new Map<string, number>();
  let time = Date.parse("2026-03-07T14:00:00Z");

  function publish<Type extends EventType>(
    topic: string,
    type: Type,
    data: EventData<Type>,
    after: readonly Cause[] = [],
  ): Message {
    const sequence = (sequences.get(topic) ?? 0) + 1;
    sequences.set(topic, sequence);
    time += 1_000;
    return { topic, key: caseId, sequence, type, time, timeline, data, after };
  }
  const last = (...of: string[]): Cause[] =>
    of.flatMap((topic) => {
      const sequence = sequences.get(topic);
      return sequence === undefined ? [] : [{ topic, key: caseId, sequence }];
    });

  return {
    caseId,
    carrierCaseId: carrierCaseIdOf(caseId),
    opened: () => publish(topics.case, "case.opened", { ...opening(carrier, caseId), ...more }),
    noted: (text: string, audience: Audience = "partners", party = carrier, chained = false) =>
      publish(topics.case, "entry.added", note(text, audience, party, chained)),
    breached: () => publish(topics.clock, "clock.breached", breach(carrier), last(topics.case)),
    /** Makes the event of a handling that has had no heartbeat for three minutes. */
    silent: (party = carrier) =>
      publish(topics.clock, "handling.silent", { ...silence, party, order: [2, 1] }, last(topics.case)),
    offered: (vendor = "orchard") =>
      publish(topics.handoff, "handoff.offered", offer(vendor, carrier), last(topics.case, topics.clock)),
    /** Makes an event of a hand-off with the given type. */
    handoff: <Type extends EventType>(type: Type, data: Partial<EventData<Type>> = {}, vendor = "orchard") =>
      publish(
        topics.handoff,
        type,
        {
          handoffId: newId("ho"),
          vendor,
          queue: `${vendor}.desk`,
          actor: automation(carrier),
          ...data,
        } as EventData<Type>,
        last(topics.case, topics.clock),
      ),
    /** Makes a case event that names the last event of a hand-off as its cause. If `unread` is true, the event has no cause. */
    caseEvent: <Type extends EventType>(type: Type, data: EventData<Type>, unread = false) =>
      publish(topics.case, type, data, unread ? [] : last(topics.handoff)),
    paged: (page: Partial<EventData<"roster.paged">> = {}) =>
      publish(
        topics.handoff,
        "roster.paged",
        { ...pageOf(carrier), pageId: pageIdOf(caseId, (sequences.get(topics.handoff) ?? 0) + 1), ...page },
        last(topics.case),
      ),
    /** Makes the event that lets notification send an outbound message. */
    released: (message: Partial<EventData<"message.released">> = {}) =>
      publish(topics.case, "message.released", { ...messageOf(carrier), ...message }),
    taken: () =>
      publish(topics.handoff, "handoff.taken", { actor: rep(carrier), subject: { engineer } }, last(topics.case)),
    resolved: () => publish(topics.case, "case.resolved", { actor: rep(carrier), from: "inProgress" }),
    closed: () => publish(topics.case, "case.closed", { actor: rep(carrier), from: "resolved", reason: "by-carrier" }),
    lastResort: (call: number, addresses: string[]) =>
      publish(
        topics.handoff,
        "last-resort.called",
        { actor: automation(carrier), call, next: "PT1M", addresses },
        last(topics.case),
      ),
  };
}

const carrierCaseIdOf = (caseId: string) => `NT-${caseId.slice(-6)}`;
const rep = (party: string) => ({ party, person: "rep-1", automated: false });
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const automation = (party: string) => ({ party, automated: true });

function opening(carrier: string, caseId: string): EventData<"case.opened"> {
  return {
    actor: { party: carrier, person: "rep-1", automated: false },
    carrier,
    carrierCaseId: carrierCaseIdOf(caseId),
    kind: "fault",
    severity: "major",
    title: "The handheld is dead",
    channel: "phone",
    status: "acknowledged",
    line: { carrier, name: "handheld", version: 1 },
    lineReason: "named",
    subject: { name: "Avery Example" },
  };
}

function messageOf(carrier: string): EventData<"message.released"> {
  const messageId = newId("ms");
  return {
    actor: { party: carrier, person: "rep-7", automated: false },
    messageId,
    channel: "mail",
    via: "mail",
    content: "answer",
    text: "We found the fault.\nA person will call you at ten.",
    mail: { subject: "Re: The handheld is dead", messageId },
    subject: { email: "avery@customer.example" },
  };
}

type Audience = "internal" | "partners";

function note(text: string, audience: Audience, party: string, chained: boolean): EventData<"entry.added"> {
  const actor = { party, person: "p-1", automated: false };
  const chain = audience === "internal" ? "internal" : "shared";
  const entry = { actor, entryId: newId("en"), kind: "note", audience, by: "party", news: true, text } as const;
  return chained ? { ...entry, chain } : entry;
}

function breach(carrier: string): EventData<"clock.breached"> {
  return {
    firingId: newId("fir"),
    clock: "stall.busy",
    kind: "stall.busy",
    incarnation: "case/1",
    threshold: 100,
    charged: carrier,
    startedAt: "2026-03-07T14:00:00Z",
    dueAt: "2026-03-07T14:20:00Z",
    firedAt: "2026-03-07T14:20:00Z",
  };
}

const silence = { handlingId: newId("hd"), channel: "phone", silentSince: "2026-03-07T14:03:00Z" } as const;

function pageOf(carrier: string): Omit<EventData<"roster.paged">, "pageId"> {
  return {
    actor: automation(carrier),
    roster: "orchard.duty",
    reason: "step",
    step: 0,
    attempt: 0,
    acceptWithin: "PT5M",
    throughQuietHours: false,
    nobody: false,
    people: ["p-ada"],
    subject: { people: [{ person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" }] },
  };
}

function offer(vendor: string, carrier: string): EventData<"handoff.offered"> {
  return {
    handoffId: newId("ho"),
    vendor,
    queue: `${vendor}.desk`,
    actor: automation(carrier),
    step: 0,
    attempt: 0,
    mode: "ticket",
    reason: "clock",
  };
}
