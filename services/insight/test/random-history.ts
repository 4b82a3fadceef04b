import { type Message, newId } from "@crossline/contracts";
import { seededRandom } from "@crossline/domain";
import { createHistory } from "./history.ts";

const began = Date.parse("2026-03-02T09:00:00Z");
const minute = 60_000;

/** Returns the records of random cases, with all kinds of events that insight counts. The same seed gives the same course. */
export function randomHistory(seed: number, cases: number): Message[] {
  const random = seededRandom(seed);
  const pick = <T>(...all: readonly [T, ...T[]]): T => all[Math.floor(random() * all.length)] ?? all[0];
  const history = createHistory();
  const drawn = Array.from({ length: cases }, () => newId("cs"));
  for (const [index, caseId] of drawn.entries()) {
    let time = began + index * minute;
    const later = (): number => (time += Math.floor(random() * 90 * minute));
    const device = {
      vendor: "orchard",
      model: pick("Handheld 8700", "Slate 2"),
      os: pick("PocketOS 4.2", "TileOS", "7"),
    };
    history.open(
      time,
      {
        channel: pick("phone", "chat", "store"),
        ...(random() < 0.8 && { device }),
        ...(random() < 0.5 && { symptom: "no-signal" }),
        ...(random() < 0.1 && { canary: { canaryId: "cn_1", door: "rest" } }),
      },
      caseId,
    );
    if (random() < 0.3) history.contact(caseId, later(), { content: pick("inquiry", "auto-reply", "works") });
    if (random() < 0.3) cross(caseId);
    if (random() < 0.2) pool(caseId);
    if (random() < 0.3) promise(caseId);
    if (random() < 0.2)
      history.add(caseId, later(), "case.corrected", { reason: "", device: { model: "Slate 3" }, from: { device } });
    history.resolve(caseId, later());
    if (random() < 0.2) {
      history.reopen(caseId, later());
      history.resolve(caseId, later());
    }
    if (random() < 0.5) history.confirm(caseId, later());
    if (random() < 0.7) history.close(caseId, later(), random() < 0.1 ? "merged" : "confirmed");

    function cross(of: string): void {
      const handoffId = newId("ho");
      history.handoff(of, later(), "handoff.offered", { handoffId });
      history.handoff(of, later(), "handoff.claimed", { handoffId });
      history.handoff(of, later(), "handoff.claimed", { handoffId });
      if (random() < 0.2) return history.handoff(of, later(), "handoff.lapsed", { handoffId });
      history.handoff(of, later(), "handoff.accepted", { handoffId });
      history.handoff(of, later(), pick("handoff.resolved", "handoff.returned", "handoff.transferred"), { handoffId });
    }
    function pool(of: string): void {
      const assignmentId = newId("ho");
      history.assign(of, later(), "pool.assigned", { assignmentId, pool: "ios" });
      history.assign(of, later(), "pool.claimed", { assignmentId, pool: "ios" });
      history.assign(of, later(), "pool.claimed", { assignmentId, pool: "ios" });
      history.assign(of, later(), pick("pool.released", "pool.lapsed"), { assignmentId, pool: "ios" });
    }
    function promise(of: string): void {
      const promiseId = newId("pr");
      history.promise(of, later(), promiseId, time + 60 * minute);
      if (random() < 0.7) history.deliver(of, later(), promiseId, random() < 0.5);
    }
  }
  return history.messages;
}

/**
 * Returns the same records in another order, which keeps only the order within each topic and case. One record in ten comes twice, with
 * other records between.
 */
export function shuffled(messages: readonly Message[], seed: number): Message[] {
  const random = seededRandom(seed);
  const lanes = Map.groupBy(messages, ({ topic, key }) => `${topic} ${key}`);
  const waiting = [...lanes.values()].map((lane) => [...lane]);
  const all: Message[] = [];
  while (waiting.length > 0) {
    const place = Math.floor(random() * waiting.length);
    const next = waiting[place]?.shift();
    if (next === undefined) waiting.splice(place, 1);
    else all.push(next);
    const again = all[Math.floor(random() * all.length)];
    if (again !== undefined && random() < 0.1) all.push(again);
  }
  return all;
}
