import type { Play } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ContactResponse, contact, crossAndAccept, evidence, openPlay } from "./notebook.ts";
import { type Stage, openStage } from "./stage.ts";

/* Story 3: after the second return the case is joint. The case ends only with a root cause, and a letter after its end has an effect. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

type JointCase = {
  readonly status: string;
  readonly rootCause?: string;
  readonly counts: { readonly contacts: number; readonly entries: number };
};
type Clocks = {
  readonly clocks: readonly {
    readonly clock: string;
    readonly state: string;
    readonly thresholds: readonly { readonly percent: number; readonly dueAt?: string }[];
  }[];
};
const read = (play: Play): Promise<JointCase> => play.cast.carrier.get<JointCase>(play.path);

/** Returns the deadline of a running clock of the case. */
async function dueOf(play: Play, name: string): Promise<string | undefined> {
  const { clocks } = await play.cast.carrier.get<Clocks>(`${play.path}/clocks`);
  const running = clocks.find(({ clock, state }) => clock === name && state === "running");
  return running?.thresholds.find(({ percent }) => percent === 100)?.dueAt;
}

/** Quill returns the case on Monday at four, and on Tuesday at five. */
async function returnTwice(): Promise<Play> {
  const play = await openPlay(stage, {}, "2026-03-02T16:00");
  const giveBack = ({ handoffId, token }: { handoffId: string; token: number }, more: object) =>
    play.desk("broadband", handoffId, "return", { token, code: "bad-data", note: "bad numbers", ...more });
  const first = await crossAndAccept(play);
  expect(await play.refused(giveBack(first, {}))).toBe("422 evidence_needed");
  await giveBack(first, { evidence });
  expect(await read(play)).not.toHaveProperty("joint");
  await play.until("2026-03-03T09:30");
  const second = await crossAndAccept(play);
  await play.until("2026-03-03T13:00");
  await play.vendor("entries", { kind: "note", text: "The reference notebook is ready.", person: "eng-4" });
  await play.until("2026-03-03T17:00");
  await giveBack(second, { evidence });
  return play;
}

test("a return needs evidence; the second return, on day 2, makes the case joint and ends all returns", async () => {
  const play = await returnTwice();
  const { carrier, vendor } = play.cast.names;
  const owner = { name: "R. Owner", contact: "owner@northtel.example" };
  const technician = { name: "Noor Haddad", contact: "noor@quill.example" };
  await play.carrier("joint/person", { engineer: owner });
  await play.vendor("joint/person", { engineer: technician });
  expect(await read(play)).toMatchObject({
    accountable: carrier,
    holder: carrier,
    joint: { since: "2026-03-03T22:00:00Z", returns: 2, parties: [carrier, vendor] },
  });
  const { joint } = await play.cast.carrier.get<{ joint: { persons: object[] } }>(play.path);
  expect(joint.persons).toHaveLength(2);
  expect(joint.persons).toEqual(
    expect.arrayContaining([
      { party: carrier, engineer: owner },
      { party: vendor, engineer: technician },
    ]),
  );
  // The session is due after two common hours: Tuesday from five to six, when Northtel closes, and Wednesday from ten, when Quill opens.
  expect(await dueOf(play, "joint")).toBe("2026-03-04T16:00:00Z");
  const { handoffId, token } = await crossAndAccept(play);
  for (const code of ["cannot-reproduce", "bad-data"])
    expect(await play.refused(play.desk("broadband", handoffId, "return", { token, code, evidence }))).toBe(
      "409 returning_closed",
    );
});

test("a joint case is solved only with a root cause and the customer's confirmation, and “still broken” reopens it with its clocks and history", async () => {
  const play = await returnTwice();
  const fix = { status: "resolved", fixCode: "msid-provisioned" };
  expect(await play.refused(play.carrier("status", fix))).toBe("422 root_cause_needed");
  expect(await play.refused(play.carrier("close"))).toBe("422 root_cause_needed");
  const before = await read(play);
  await play.carrier("status", { ...fix, rootCause: "Online activation does not show the MSID" });
  expect(await read(play)).toMatchObject({ status: "resolved", rootCause: expect.any(String) as string });
  await play.until("2026-03-04T10:00");
  await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play, { content: "still-broken" }));
  const reopened = await read(play);
  expect(reopened).toMatchObject({ status: "reopened", counts: { contacts: before.counts.contacts + 1 } });
  expect(reopened.counts.entries).toBeGreaterThanOrEqual(before.counts.entries);
  expect(reopened).not.toHaveProperty("rootCause");
  // The clock had counted 11 of its 40 open hours before the resolution. It counts the other 29 hours from Wednesday at ten to Saturday at ten.
  expect(await dueOf(play, "resolution")).toBe("2026-03-07T15:00:00Z");
  await play.carrier("status", { ...fix, rootCause: "One of two registers lacked the MSID" });
  await play.carrier("confirm");
  expect(await read(play)).toMatchObject({ status: "closed" });
});

test("a joint case is cancelled only after an assessment and with a root cause; the letter on day 20 joins it and pages the owner", async () => {
  const play = await returnTwice();
  // The companies wait for the customer, who tests at home, until the customer cancels on day 14.
  const wait = { waitingOn: "customer", code: "customer-to-answer", note: "Does it work at home?" };
  for (const day of ["05", "07", "09", "11", "13"]) {
    await play.carrier("status", { status: "pending", ...wait });
    await play.until(`2026-03-${day}T17:00`);
    await play.carrier("status", { status: "inProgress", person: "rep-17" });
  }
  await play.carrier("status", { status: "pending", ...wait });
  await play.until("2026-03-15T10:00");
  await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play, { title: "I cancel" }));
  const cancelled = { status: "cancelled", rootCause: "Online activation does not show the MSID" };
  expect(await play.refused(play.carrier("status", cancelled))).toBe("409 illegal_transition");
  await play.carrier("status", { status: "assessingCancellation" });
  expect(await play.refused(play.carrier("status", { status: "cancelled" }))).toBe("422 root_cause_needed");
  await play.carrier("status", cancelled);
  await play.until("2026-03-21T10:00");
  const pagesBefore = await pagesOf(play);
  const letter = await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play, { channel: "other" }));
  expect(letter).toMatchObject({ joined: true, case: { id: play.caseId, status: "cancelled" } });
  // The reply is due after four open hours: on Saturday until one o'clock, and on Monday at nine.
  expect(await dueOf(play, "reply")).toBe("2026-03-23T13:00:00Z");
  await play.until("2026-03-23T09:00:01");
  expect(await pagesOf(play)).toEqual([...pagesBefore, "recorded mailto:rep-1@duty.example"]);
});

/** Returns the pages for the people of the carrier. */
async function pagesOf(play: Play): Promise<string[]> {
  type Deliveries = { items: { eventType: string; url: string; state: string }[] };
  const { items } = await play.cast.carrier.get<Deliveries>(`/v1/deliveries?case=${play.caseId}&limit=100`);
  return items.filter(({ eventType }) => eventType === "roster.paged").map(({ url, state }) => `${state} ${url}`);
}
