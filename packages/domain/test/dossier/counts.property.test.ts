import { type CaseEvent, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CaseCommand,
  type CaseInput,
  type CaseState,
  commandCase,
  countsFor,
  isRefused,
  lastEventWithout,
  applyToCase,
  sequenceWithout,
} from "../../src/index.ts";
import { at } from "../given.ts";
import { openedCase, rep, technician } from "./given.ts";

const companies = { northtel: rep, quill: technician, lumen: { party: "lumen", person: "tech-2", automated: false } };
type Company = keyof typeof companies;

const said = (audience: "internal" | "partners") =>
  ({ type: "add-entry", entryId: "en_1", kind: "note", audience, by: "party", news: true, text: "x" }) as const;
const acts: Readonly<Record<string, CaseCommand>> = {
  internal: said("internal"),
  shared: said("partners"),
  contact: { type: "contact", contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" },
  critical: { type: "change-severity", to: "critical" },
  major: { type: "change-severity", to: "major" },
  pending: { type: "change-status", to: "pending", note: "x", waitingOn: "customer" },
  cross: { type: "cross", asOf: 1e9, reason: "please", observing: false },
};

/** An act of a company or the next record of the hand-off topic, some minutes after the previous act. */
type Act = { readonly by: Company; readonly does: string; readonly minutes: number };
const act: fc.Arbitrary<Act> = fc.record({
  by: fc.constantFrom("northtel", "quill", "lumen"),
  does: fc.constantFrom("internal", "internal", "offered", ...Object.keys(acts)),
  minutes: fc.nat(2),
});

/** The result of a played history. `lastAt` is the instant of the last event on the case topic or the hand-off topic. */
type PlayedHistory = { readonly state: CaseState; readonly events: readonly CaseEvent[]; readonly lastAt: number };

function play(history: readonly Act[]): PlayedHistory {
  let state = openedCase();
  let time = at("09:00");
  let lastAt = time;
  const events: CaseEvent[] = [];
  for (const { by, does, minutes } of history) {
    time += minutes * 60_000;
    const command = acts[does];
    const next = command === undefined ? applyToCase(state, offered(state, time), 0) : decide(state, command, by, time);
    if (next.messages.length > 0 || command === undefined) lastAt = time;
    state = next.state;
    events.push(...next.messages);
  }
  return { state, events, lastAt };
}

function decide(state: CaseState, given: CaseCommand, by: Company, time: number) {
  // The request must name the version that the company reads.
  const command = given.type === "cross" ? { ...given, asOf: countsFor(state, by).version } : given;
  const outcome = commandCase(state, command, companies[by], time);
  return isRefused(outcome) ? { state, messages: [] } : outcome;
}

function offered({ id, timeline, read }: CaseState, time: number): CaseInput {
  const data = { actor: technician, handoffId: "ho_1", vendor: "quill", queue: "quill.broadband" };
  const place = { topic: topics.handoff, key: id, sequence: read.handoff + 1, time, timeline };
  return { ...place, type: "handoff.offered", data } as unknown as CaseInput;
}

/** Returns the history without the internal entries of other companies. The remaining acts keep their instants. */
function without(history: readonly Act[], company: Company): readonly Act[] {
  let skippedMinutes = 0;
  return history.flatMap((one) => {
    skippedMinutes += one.minutes;
    if (one.does === "internal" && one.by !== company) return [];
    const minutes = skippedMinutes;
    skippedMinutes = 0;
    return [{ ...one, minutes }];
  });
}

test("⚠ a company's counts, shared chain and entries never depend on internal entries of other companies", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.constantFrom("northtel", "quill", "lumen"), (history, company) => {
      const [all, own] = [play(history), play(without(history, company))];
      expect(countsFor(all.state, company)).toEqual(countsFor(own.state, company));
      expect(all.state.chain).toBe(own.state.chain);
      expect(all.state.entries).toBe(own.state.entries);
      expect(all.state.chains?.[company]?.head).toBe(own.state.chains?.[company]?.head);
      const hidden = all.events.filter((event) => isHidden(event, company)).map(({ sequence }) => sequence);
      const visible = all.events.filter((event) => !isHidden(event, company));
      expect(visible.map(({ sequence }) => sequenceWithout(hidden, sequence))).toEqual(
        own.events.map(({ sequence }) => sequence),
      );
      expect(visible.map(sayingTo(company))).toEqual(own.events.map(sayingTo(company)));
    }),
  );
});

test("⚠ the last event that a company reads is the last event of the history without hidden entries", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.constantFrom("northtel", "quill", "lumen"), (history, company) => {
      const hidden: { sequence: number; beforeAt: number; handoff: number }[] = [];
      let lastEventAt = at("09:00");
      let { read, sequence } = openedCase();
      for (let taken = 1; taken <= history.length; taken++) {
        const { state, events, lastAt } = play(history.slice(0, taken));
        const event = events.find((one) => one.sequence === sequence + 1 && one.type === "entry.added");
        if (event !== undefined && isHidden(event, company))
          hidden.push({ sequence: sequence + 1, beforeAt: lastEventAt, handoff: read.handoff });
        lastEventAt = lastAt;
        ({ read, sequence } = state);
      }
      const own = play(without(history, company)).lastAt;
      expect(lastEventWithout(hidden, { case: sequence, handoff: read.handoff }, lastEventAt)).toBe(own);
    }),
    { numRuns: 60 },
  );
});

/**
 * Returns a function that returns the type and data of an event as the company reads them. The version in `crossing.requested` counts
 * the carrier's internal entries, so notification does not send this version to vendors.
 */
function sayingTo(company: Company) {
  return ({ type, data }: CaseEvent) =>
    type === "crossing.requested" && company !== "northtel" ? [type, { ...data, asOf: 0 }] : [type, data];
}

function isHidden(event: CaseEvent, company: Company): boolean {
  return event.type === "entry.added" && event.data.audience === "internal" && event.data.actor.party !== company;
}
