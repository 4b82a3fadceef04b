import {
  type EventData,
  type EventType,
  type Instant,
  type Message,
  eventsByTopic,
  formatInstant,
  newId,
  topics,
} from "@crossline/contracts";

export const carrier = "northtel";
const vendor = "orchard";
const person = { party: carrier, person: "rep-7", automated: false };
const line = { carrier, name: "handheld", version: 1 };

type Of<T extends EventType> = Partial<EventData<T>>;

export function createHistory({ timeline = "wall" }: { readonly timeline?: string } = {}) {
  const sequences = new Map<string, number>();
  const messages: Message[] = [];

  /** Adds a record. Other fields of the event than those in `data` are the same for all tests. */
  function add<T extends EventType>(caseId: string, time: Instant, type: T, data: Of<T>): void {
    const topic = Object.hasOwn(eventsByTopic[topics.case], type) ? topics.case : topics.handoff;
    const place = `${topic} ${caseId}`;
    const sequence = (sequences.get(place) ?? 0) + 1;
    sequences.set(place, sequence);
    messages.push({ topic, key: caseId, sequence, type, time, timeline, data: { actor: person, ...data } });
  }

  return {
    /** All records in the order in which they were added. */
    messages,
    add,
    open(time: Instant, data: Of<"case.opened"> = {}, caseId = newId("cs")): string {
      add(caseId, time, "case.opened", {
        carrier,
        carrierCaseId: caseId,
        kind: "fault",
        severity: "minor",
        title: "",
        channel: "phone",
        line,
        lineReason: "named",
        ...data,
      });
      return caseId;
    },
    contact(caseId: string, time: Instant, data: Of<"case.contacted"> = {}): void {
      const contact = { contactId: newId("ct"), channel: "phone", direction: "inbound", content: "inquiry" } as const;
      add(caseId, time, "case.contacted", { ...contact, ...data });
    },
    resolve: (caseId: string, time: Instant) => add(caseId, time, "case.resolved", { from: "inProgress" }),
    confirm: (caseId: string, time: Instant) => add(caseId, time, "case.confirmed", {}),
    reopen: (caseId: string, time: Instant) => add(caseId, time, "case.reopened", { from: "resolved", reason: "" }),
    close: (caseId: string, time: Instant, reason: EventData<"case.closed">["reason"] = "confirmed") =>
      add(caseId, time, "case.closed", { from: "resolved", reason }),
    handoff(
      caseId: string,
      time: Instant,
      type: EventType & `handoff.${string}`,
      {
        handoffId,
        queue = `${vendor}.handheld`,
        ...data
      }: { handoffId: string; queue?: string } & Record<string, unknown>,
    ): void {
      const given = { handoffId, queue, vendor: queue.split(".")[0], ...handoffData[type], ...data };
      add(caseId, time, type, given as unknown as Of<typeof type>);
    },
    assign<T extends EventType & `pool.${string}`>(caseId: string, time: Instant, type: T, data: Of<T>): void {
      add(caseId, time, type, { ...assignmentData[type], ...data });
    },
    promise(caseId: string, time: Instant, promiseId: string, until: Instant): void {
      add(caseId, time, "promise.made", { promiseId, promisor: carrier, text: "", until: formatInstant(until) });
    },
    deliver(caseId: string, time: Instant, promiseId: string, kept: boolean): void {
      add(caseId, time, "promise.delivered", { promiseId, promisor: carrier, evidence: "", kept });
    },
  };
}

const evidence = { test: "x", result: "x", wouldChangeOurMind: "x" };

/** The fields of events of pools that no indicator counts. */
const assignmentData: Readonly<Partial<Record<EventType, Record<string, unknown>>>> = {
  "pool.assigned": { step: 0, attempt: 0, mode: "ticket", reason: "trigger" },
  "pool.claimed": { leaseUntil: "2030-01-01T00:00:00Z" },
  "pool.released": { reason: "by-person" },
};

/** The fields of hand-off events that no indicator counts. */
const handoffData: Readonly<Partial<Record<EventType, Record<string, unknown>>>> = {
  "handoff.offered": { step: 0, attempt: 0, mode: "ticket", reason: "clock" },
  "handoff.claimed": { leaseUntil: "2030-01-01T00:00:00Z" },
  "handoff.accepted": {
    vendorCaseId: "V-1",
    nextStep: "x",
    eta: "2030-01-01T00:00:00Z",
    readBack: { problem: "x", tried: "x" },
    dossierVersion: 1,
    subject: { engineer: { name: "Ada", contact: "ada@orchard.example" } },
  },
  "handoff.resolved": { fixCode: "replaced" },
  "handoff.returned": { code: "bad-data", evidence, returns: 1 },
  "handoff.transferred": { code: "wrong-team", to: "quill.notebooks" },
  "handoff.rejected": { code: "no-capacity" },
  "handoff.withdrawn": { reason: "overtaken" },
};
