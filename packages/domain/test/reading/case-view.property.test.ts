import { type HandoffEvent, topics } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type CaseCommand,
  type CaseState,
  type CaseView,
  builtinRef,
  commandCase,
  isRefused,
  openCase,
  applyToCase,
  accessAfterCommand,
  accessAfterEvent,
  withOwnPromises,
} from "../../src/index.ts";
import { at, caseId } from "../given.ts";

const rep = { party: "northtel", person: "rep-1", automated: false };
const start = at("09:00");
const opening = {
  id: caseId,
  timeline: "wall",
  carrierCaseId: "NT-1",
  kind: "fault",
  severity: "minor",
  title: "dead",
  channel: "mail",
  status: "acknowledged",
  line: builtinRef,
  lineReason: "builtin",
} as const;

/** The commands with which a carrier adds text to a case. The text contains `mark`, for which the test searches. */
const markedCommands: readonly ((mark: string) => CaseCommand)[] = [
  (mark) => ({
    type: "contact",
    contactId: mark,
    channel: "phone",
    direction: "inbound",
    content: "inquiry",
    subject: { name: mark },
  }),
  (mark) => ({
    type: "add-entry",
    entryId: mark,
    kind: "note",
    audience: "partners",
    by: "party",
    text: mark,
    news: true,
  }),
  (mark) => ({ type: "start-handling", handlingId: mark, channel: "phone" }),
  (mark) => ({ type: "correct", entryId: mark, title: mark, reason: mark }),
  (mark) => ({ type: "change-severity", to: "critical", reason: mark, entryId: mark }),
  (mark) => ({ type: "promise", promiseId: mark, text: mark, until: "2030-01-01T00:00:00Z" }),
  (mark) => ({ type: "change-status", to: "pending", note: mark, waitingOn: "carrier" }),
  (mark) => ({ type: "change-status", to: "inProgress", note: mark }),
];
const mark = (index: number): string => `mark-${index}-`;

function handoffEvent(sequence: number, type: HandoffEvent["type"], time: number): HandoffEvent {
  const data = {
    handoffId: "ho_1",
    vendor: "orchard",
    queue: "orchard.desk",
    actor: { party: "orchard", automated: false },
  };
  const offer = { step: 0, attempt: 0, mode: "ticket", reason: "clock" };
  const all = { ...data, ...(type === "handoff.offered" ? offer : { code: "duplicate", reason: "overtaken" }) };
  return {
    topic: topics.handoff,
    key: caseId,
    sequence,
    type,
    time,
    timeline: "wall",
    data: all,
  } as unknown as HandoffEvent;
}

/** Runs intake's rules: first an offer, then one marked command each second, and last the end of the vendor's part. */
function play(chosen: readonly number[], endsAfter: number, end: HandoffEvent["type"]) {
  let { state } = openCase(opening, rep, start);
  const apply = (event: HandoffEvent, now: number) => {
    const result = accessAfterEvent(state, event, applyToCase(state, event, now));
    state = result.state;
    return result.changes;
  };
  apply(handoffEvent(1, "handoff.offered", start), start);
  const states: CaseState[] = [state];
  for (const [index, which] of chosen.entries()) {
    const outcome = commandCase(state, markedCommands[which]!(mark(index)), rep, start + 1_000 * (index + 1));
    if (!isRefused(outcome)) state = accessAfterCommand(state, outcome.state).state;
    states.push(state);
  }
  const time = start + 1_000 * endsAfter + 500;
  const changes = apply(handoffEvent(2, end, time), start + 1_000 * chosen.length + 900);
  return { state, states, changes, time };
}

const histories = fc.array(fc.nat(markedCommands.length - 1), { minLength: 1, maxLength: 20 });
const ends = fc.constantFrom("handoff.lapsed", "handoff.rejected", "handoff.withdrawn");

test("a vendor reads nothing that was added after its part ended, even if intake reads the end of the part late", () => {
  fc.assert(
    fc.property(histories, fc.nat(20), ends, (chosen, after, end) => {
      const endsAfter = Math.min(after, chosen.length);
      const { changes, state, states, time } = play(chosen, endsAfter, end);
      expect(changes).toMatchObject([{ vendor: "orchard", view: { at: expect.any(Number) } }]);
      const { view } = changes[0] as { view: CaseView };
      const text = JSON.stringify(view.state);
      const later = [...chosen.keys()].filter((index) => index >= endsAfter).map(mark);
      expect(later.filter((one) => text.includes(one))).toEqual([]);
      const then = states[endsAfter] as CaseState;
      const wrote = new Set(states.slice(endsAfter)).size - 1; // A refused command changes nothing.
      // If intake reads a rejection late, intake numbers the entry of the rejection after all entries that it has already
      // added. The view contains this entry only if intake added no entry after the rejection.
      const own = end === "handoff.rejected" && wrote === 0 ? 1 : 0;
      const counts = ({ contacts, entries, sequence }: CaseState) => [contacts, entries, sequence];
      const exact = counts({ ...then, entries: then.entries + own, sequence: then.sequence + own });
      const isAsExpected = (count: number, index: number) =>
        wrote < 8 ? count === exact[index] : count <= exact[index]!;
      expect(counts(view.state).every(isAsExpected)).toBe(true);
      expect(view.at).toBeGreaterThanOrEqual(Math.max(time, view.state.lastEventAt));
      expect(state.earlier).toBeUndefined();
    }),
  );
});

test("intake keeps the former values of at most eight changes, and only while a vendor can read the case", () => {
  fc.assert(
    fc.property(histories, (chosen) => {
      const { states } = play(chosen, chosen.length, "handoff.lapsed");
      for (const { earlier = [] } of states) expect(earlier.length).toBeLessThanOrEqual(8);
      const { state } = openCase(opening, rep, start);
      const outcome = commandCase(state, markedCommands[1]!("x"), rep, start + 1);
      if (isRefused(outcome)) throw new Error("the case refused a note");
      expect(accessAfterCommand(state, outcome.state).state).toBe(outcome.state);
    }),
  );
});

test("an ended view shows the present state of the vendor's own promises, but not of other promises", () => {
  const promise = { text: "…", until: "2030-01-01T00:00:00Z", state: "open" } as const;
  const { state } = openCase(opening, rep, start);
  const then = {
    ...state,
    promises: [
      { id: "pr_1", promisor: "orchard", ...promise },
      { id: "pr_2", promisor: "northtel", ...promise },
    ],
  };
  const now = { ...then, promises: then.promises.map((one) => ({ ...one, state: "kept" as const })) };
  const { promises } = withOwnPromises({ at: start, state: then }, now, "orchard");
  expect(promises?.map(({ id, state: its }) => [id, its])).toEqual([
    ["pr_2", "open"],
    ["pr_1", "kept"],
  ]);
});
