import { type Message, messageId, type ReceivedMessage } from "@crossline/contracts";
import { expect, test } from "vitest";
import { mayReceive } from "@crossline/domain";
import { newStory } from "./story.ts";

const received = (message: Message, time = message.time): ReceivedMessage => ({
  ...message,
  time,
  id: messageId(message),
  partition: 0,
});

const incident = { actor: { party: "northtel", automated: true }, incidentId: "ic_1" };

/**
 * Makes the history of a case that crosses to orchard and then to quill, and returns the readers of each event. All events have
 * the same instant, which is possible on a stepped timeline.
 */
function history() {
  const story = newStory();
  const now = Date.parse("2026-03-07T14:20:00Z");
  const events = {
    opened: story.opened(),
    before: story.noted("before the offer"),
    breachBefore: story.breached(),
    offer: story.offered("orchard"),
    after: story.noted("after it"),
    breachAfter: story.breached(),
    internalOfCarrier: story.noted("ours", "internal"),
    internalOfVendor: story.noted("theirs", "internal", "orchard"),
    otherOffer: story.offered("quill"),
    page: story.paged({ roster: "quill.duty" }),
    pageOfCarrier: story.paged({ roster: "northtel.duty" }),
    call: story.lastResort(1, ["https://pager.example.com/"]),
    assigned: story.handoff("pool.assigned"),
    joined: story.caseEvent("incident.joined", { ...incident, leadCaseId: "cs_2", holder: "quill", reason: "alike" }),
    held: story.caseEvent("incident.held", { ...incident, holder: "orchard" }),
    left: story.caseEvent("incident.left", { ...incident, cause: "cured" }),
    incidentOpened: story.caseEvent("incident.opened", { ...incident, cases: 12, reason: "alike" }),
    incidentEnded: story.caseEvent("incident.ended", { ...incident, cause: "cured" }),
  };
  const at = { at: now, case: 2, clock: 1 };
  const readers = {
    northtel: { party: "northtel", since: null, until: null },
    orchard: { party: "orchard", since: { ...at, handoff: 1 }, until: null },
    quill: { party: "quill", since: { ...at, case: 5, clock: 2, handoff: 2 }, until: null },
  };
  return Object.entries(events).map(([name, message]) => ({
    name,
    seenBy: Object.values(readers)
      .filter((reader) => mayReceive(reader, received(message, now)))
      .map(({ party }) => party),
  }));
}

test("the sequences in the offer decide which events a vendor receives, even if all events have the same instant", () => {
  expect(Object.fromEntries(history().map(({ name, seenBy }) => [name, seenBy]))).toEqual({
    opened: ["northtel"],
    before: ["northtel"],
    breachBefore: ["northtel"],
    offer: ["northtel", "orchard"],
    after: ["northtel", "orchard"],
    breachAfter: ["northtel", "orchard"],
    internalOfCarrier: ["northtel"],
    internalOfVendor: ["orchard"],
    otherOffer: ["northtel", "quill"],
    page: ["northtel", "quill"],
    pageOfCarrier: ["northtel"],
    call: ["northtel"],
    assigned: ["northtel"],
    joined: ["northtel"],
    held: ["northtel"],
    left: ["northtel"],
    incidentOpened: ["northtel", "orchard", "quill"],
    incidentEnded: ["northtel", "orchard", "quill"],
  });
});

test("a vendor receives no event from before the offer, even if the offer names no sequences", () => {
  const note = newStory().noted("earlier");
  const reader = { party: "orchard", since: { at: note.time + 1, case: 0, clock: 0, handoff: 1 }, until: null };
  expect(mayReceive(reader, received(note))).toBe(false);
  expect(mayReceive(reader, received(note, note.time + 1))).toBe(true);
});
