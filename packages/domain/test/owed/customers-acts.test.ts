import { topics } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { PlayedCase, engineer, importer, rep } from "./played.ts";

/* An earlier version of the rules mistook acts of the customer for acts of the holder. */

const silence = { clocks: [{ kind: "stall.idle" as const, target: "PT2H", warnAt: [] }] };
const every90Minutes = Array.from({ length: 16 }, (_, nth) => {
  const minutes = 9 * 60 + 90 * (nth + 1);
  const clock = [Math.floor(minutes / 60) % 24, minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return minutes < 24 * 60 ? clock : `+${Math.floor(minutes / 1440)} ${clock}`;
});

describe("⚠ a customer who keeps writing does not delay the crossing of the case", () => {
  test.each([
    ["mail that a CRM records with all defaults", (one: PlayedCase, time: string) => one.contact(time)],
    ["mail that an importer records", (one: PlayedCase, time: string) => one.contact(time, {}, importer)],
    [
      "the customer's own hypothesis",
      (one: PlayedCase, time: string) =>
        one.command(time, {
          type: "add-entry",
          entryId: `en_${time}`,
          kind: "hypothesis",
          audience: "partners",
          by: "customer",
          news: true,
          text: "out of memory?",
        }),
    ],
    [
      "a message of the customer",
      (one: PlayedCase, time: string) =>
        one.command(time, {
          type: "add-entry",
          entryId: `en_${time}`,
          kind: "message",
          audience: "partners",
          by: "customer",
          news: true,
          text: "hello?",
        }),
    ],
    [
      "an outbound automatic reply that is not marked as a program's",
      (one: PlayedCase, time: string) => one.contact(time, { direction: "outbound", content: "auto-reply" }),
    ],
    [
      "an automatic reply of the customer's mailbox",
      (one: PlayedCase, time: string) => one.contact(time, { content: "auto-reply" }),
    ],
  ] as const)("%s every 90 minutes does not stop the crossing after two hours of silence", (_, act) => {
    const one = new PlayedCase(silence);
    for (const time of every90Minutes) act(one, time);
    expect(one.crossed[0]).toBe("11:00");
  });

  test("an act of the holder's person restarts the two hours", () => {
    const one = new PlayedCase(silence).answer("10:00");
    expect(one.until("+1 09:00").crossed[0]).toBe("12:00");
  });
});

test("⚠ an automatic reply is recorded and has no other effect", () => {
  const one = new PlayedCase({
    clocks: [{ kind: "next-update", target: "PT4H", warnAt: [] }],
    triggers: [{ on: "contacts", count: 3, within: "P7D" }],
  });
  one.answer("09:10");
  one.contact("09:20", { content: "auto-reply" }).contact("09:30", { content: "auto-reply" }, importer);
  expect(one.crossed).toEqual([]);
  expect(one.clock("next-update")).toBeUndefined();
  expect(one.whole.intake.contacts).toBe(4);
});

describe("⚠ a customer's contact on a solved case", () => {
  const support = { clocks: [{ kind: "resolution" as const, target: "P2D", warnAt: [] }] };
  const resolved = () => new PlayedCase(support).resolve("10:00");

  test("an inquiry ends the automatic closing, and a reply is owed", () => {
    const one = resolved().contact("+1 10:00").contact("+2 10:00").contact("+3 09:00").until("+4 10:01");
    expect(one.status).toBe("resolved");
    expect(one.pages("reply")).toEqual(["+2 10:00 northtel.duty", "+3 10:00 northtel.lead", "+4 10:00 northtel.duty"]);
    expect(one.clock("confirmation")).toBeUndefined();
  });

  test("an answer to the contact restarts the three days until the automatic closing", () => {
    const one = resolved().contact("+2 10:00").answer("+2 11:00");
    expect(one.clock("reply")).toBeUndefined();
    expect(one.clock("confirmation")?.due).toBe("+5 11:00");
    expect(one.until("+5 10:59").status).toBe("resolved");
    expect(one.until("+5 11:01").status).toBe("closed");
  });

  test("the contact `still-broken` reopens the case, and then counts as a contact of the open case", () => {
    const one = new PlayedCase({
      clocks: [{ kind: "next-update", target: "PT4H", warnAt: [] }],
      triggers: [{ on: "contacts", count: 2, within: "P7D" }],
    });
    one.answer("09:10").resolve("10:00").contact("12:00", { content: "still-broken" });
    expect(one.status).toBe("reopened");
    expect(one.clock("next-update")?.due).toBe("16:00");
    expect(one.crossed).toEqual(["12:00"]);
  });

  test("the contact `works` confirms the case, but not if a vendor recorded the contact", () => {
    expect(resolved().contact("11:00", { content: "works" }).status).toBe("closed");
    const solved = () =>
      new PlayedCase(support).accepted("09:30").desk("10:00", { type: "resolve", token: 1, fixCode: "reset" });
    const resolvedCase = solved().contact("11:00", { content: "works" }, engineer);
    expect([resolvedCase.status, resolvedCase.clock("confirmation")?.due]).toEqual(["resolved", "+3 10:00"]);
    expect(solved().contact("11:00", { content: "still-broken" }, engineer).status).toBe("reopened");
  });

  test("a contact on a closed case starts `reply` within the line's `letters` time, and is refused later", () => {
    const closed = () => new PlayedCase({ ...support, letters: "P10D" }).command("10:00", { type: "close" });
    const one = closed().contact("+9 10:00", { content: "still-broken" });
    expect(one.status).toBe("closed");
    expect(one.until("+11 10:01").pages("reply")).toEqual(["+10 10:00 northtel.duty", "+11 10:00 northtel.lead"]);
    const page = one.whole.messages.find(({ type }) => type === "roster.paged");
    expect(page?.data).toMatchObject({ contact: { channel: "mail", content: "still-broken" } });
    expect(one.answer("+11 11:00").clock("reply")).toBeUndefined();
    expect(() => closed().contact("+10 10:01")).toThrow("illegal_transition");
    expect(closed().contact("+20 10:00", { content: "auto-reply" }).clock("reply")).toBeUndefined();
  });

  test("a contact on a cancelled case has no effect, except that a reply is owed", () => {
    const one = new PlayedCase(support).command("10:00", { type: "change-status", to: "cancelled" });
    one.contact("11:00", { content: "still-broken" });
    expect([one.status, one.clock("reply")?.due]).toEqual(["cancelled", "+1 11:00"]);
  });
});

describe("a pause for the customer", () => {
  const waiting = (on: "customer" | "vendor") =>
    new PlayedCase(silence).command("10:00", { type: "change-status", to: "pending", note: "a photo", waitingOn: on });

  test("a pause for the customer ends at any contact except an automatic reply", () => {
    expect(waiting("customer").contact("10:30", { content: "auto-reply" }).status).toBe("pending");
    for (const content of ["inquiry", "answer", "works", "still-broken"] as const)
      expect(waiting("customer").contact("10:30", { content }, importer).status).toBe("inProgress");
    expect(waiting("vendor").contact("10:30").status).toBe("pending");
  });
});

describe("a live contact of a named person", () => {
  const handlings = (one: PlayedCase): string[] =>
    one.whole.messages.flatMap(({ type, topic }) =>
      type.startsWith("handling.") && topic === topics.case ? [type] : [],
    );

  test("a live contact is a handling that starts and ends at the same instant, and is a sign of life", () => {
    const one = new PlayedCase(silence).contact("10:00", { channel: "phone" });
    expect(handlings(one)).toEqual(["handling.started", "handling.ended"]);
    expect(one.clock("stall.idle")?.due).toBe("12:00");
    expect(one.whole.intake.handlings).toEqual([]);
  });

  test("a contact is no handling if it is a mail, comes from a program or names no person, or if a handling is already open", () => {
    const open = new PlayedCase(silence).command("09:30", {
      type: "start-handling",
      handlingId: "hd_open",
      channel: "phone",
    });
    expect(handlings(open.contact("10:00", { channel: "phone" }))).toEqual(["handling.started"]);
    const others: readonly ((one: PlayedCase) => PlayedCase)[] = [
      (one) => one.contact("10:00", { channel: "phone" }, { party: "northtel", automated: false }),
      (one) => one.contact("10:00", { channel: "phone" }, { ...rep, automated: true }),
      (one) => one.contact("10:00", { channel: "mail" }),
    ];
    for (const act of others) expect(handlings(act(new PlayedCase(silence)))).toEqual([]);
  });
});
