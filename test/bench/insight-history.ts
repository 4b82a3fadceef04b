import { type EventType, type Message, derivedId, eventsByTopic, topics } from "@crossline/contracts";
import { readLog } from "@crossline/cli";

const carrier = "northtel";
const line = { carrier, name: "bench", version: 1 };
const rep = { party: carrier, person: "rep-1", automated: false };
const [queue, vendor] = ["orchard.handheld", "orchard"];
const far = "2030-01-01T00:00:00Z";
const acceptance = {
  vendorCaseId: "V-1",
  nextStep: "look",
  eta: far,
  readBack: { problem: "x", tried: "x" },
  dossierVersion: 1,
  subject: { engineer: { name: "Ada Lovett", contact: "ada@orchard.example" } },
};

/**
 * The events of a case that crosses and comes back, with the minutes since the previous event. Insight skips the handling and the
 * entries, as it does in production.
 */
const life: readonly (readonly [minutes: number, type: EventType, data?: Record<string, unknown>])[] = [
  [1, "handling.started", { handlingId: "hd", channel: "phone" }],
  [5, "entry.added", { kind: "step-tried", by: "party", news: true, audience: "partners", entryId: "e1" }],
  [14, "handoff.offered", { step: 0, attempt: 0, mode: "ticket", reason: "clock" }],
  [1, "handoff.claimed", { leaseUntil: far }],
  [1, "handoff.accepted", acceptance],
  [1, "handling.ended", { handlingId: "hd", channel: "phone" }],
  [60, "case.contacted", { contactId: "c", channel: "chat", direction: "inbound", content: "inquiry" }],
  [5, "entry.added", { kind: "note", by: "party", news: true, audience: "partners", entryId: "e2" }],
  [5, "handoff.resolved", { fixCode: "replaced" }],
  [0, "case.resolved", { from: "inProgress" }],
  [30, "case.confirmed"],
  [0, "case.closed", { from: "resolved", reason: "confirmed" }],
];

/** The number of records of each generated case. */
export const recordsPerCase = life.length + 1;

/** Returns all records of `cases` cases of the wall timeline, in the order in which they happen. */
export function escalations(cases: number, began: number): Message[] {
  const all: Message[] = [];
  for (let index = 0; index < cases; index++) {
    const key = derivedId("cs", index, began);
    const handoffId = derivedId("ho", index, began);
    const sequences: Record<string, number> = {};
    let time = began + index * 1_000;
    const happen = (type: EventType, data: Record<string, unknown>): void => {
      const topic = Object.hasOwn(eventsByTopic[topics.case], type) ? topics.case : topics.handoff;
      const sequence = (sequences[topic] = (sequences[topic] ?? 0) + 1);
      const handoff = topic === topics.handoff ? { handoffId, vendor, queue } : {};
      // A hand-off names the opening as its cause, as routing does.
      const after = topic === topics.handoff ? [{ topic: topics.case, key, sequence: 1 }] : [];
      all.push({
        topic,
        key,
        sequence,
        type,
        time,
        timeline: "wall",
        after,
        data: { actor: rep, ...handoff, ...data },
      });
    };
    const device = { vendor, model: `Handheld ${8700 + (index % 20)}`, os: `PocketOS 4.${index % 5}` };
    const opening = { carrier, carrierCaseId: `B-${index}`, kind: "fault", severity: "minor", title: "t", device };
    happen("case.opened", { ...opening, symptom: `symptom-${index % 8}`, channel: "phone", line, lineReason: "named" });
    for (const [minutes, type, data = {}] of life) {
      time += minutes * 60_000;
      happen(type, data);
    }
  }
  return all.toSorted((a, b) => a.time - b.time);
}

/** Returns the records of a recorded log as intake publishes them for an import, in the order of their times. */
export async function yearOf(file: string, timeline: string): Promise<Message[]> {
  const cases = await readLog(file);
  const all = [...cases.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const key = derivedId("cs", first.caseId, timeline);
    return rows.map(({ time, status, caseId, fields }, index): Message => {
      const opening = { carrier, carrierCaseId: caseId, kind: "fault", severity: "minor", title: "", channel: "other" };
      const data = index === 0 ? { ...opening, line, lineReason: "named", status, fields } : { status, fields };
      const type = index === 0 ? "case.opened" : "case.recorded";
      return { topic: topics.case, key, sequence: index + 1, type, time, timeline, data: { actor: rep, ...data } };
    });
  });
  return all.toSorted((a, b) => a.time - b.time);
}
