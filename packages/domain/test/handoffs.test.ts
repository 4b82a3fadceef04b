import {
  type EventType,
  type HandoffEvent,
  type QueueEvent,
  type Refusal,
  type Severity,
  topics,
} from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CaseCrossing,
  type CrossingInput,
  type HandoffCommand,
  commandHandoff,
  isEnded,
  isRefused,
  openHandoffOf,
  react,
  takeByPerson,
  timesByHolder,
  waitFor,
} from "../src/index.ts";
import { at, caseId, clockTime, line } from "./given.ts";
import { unstaffed } from "./unstaffed.ts";

const twoSteps = line({
  clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
  crossing: [
    { to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT90S", repeat: 1 },
    { to: "queue:quill.care", mode: "ticket", acceptWithin: "PT30M", repeat: 2 },
  ],
  lastResort: ["https://duty.northtel.example/"],
});
const rep = { party: "northtel", automated: false };
const engineer = { party: "orchard", person: "eng-4", automated: false };
const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };

/** Runs routing's rules on one case, one event or command at a time. */
class DrivenCrossing {
  state: CaseCrossing | undefined;
  readonly messages: (HandoffEvent | QueueEvent)[] = [];
  readonly #sequences = { case: 0, clock: 0 };
  #claims = 0;

  event(time: string, type: EventType, data: Record<string, unknown> = {}): this {
    const topic = type.startsWith("clock.") ? "clock" : "case";
    const event = {
      topic: topics[topic],
      key: caseId,
      sequence: ++this.#sequences[topic],
      type,
      time: at(time),
      timeline: "stp_0000000000000000000000000a",
      data: { actor: rep, ...data },
    } as unknown as CrossingInput;
    const { state, messages } = react(this.state, event, { ...unstaffed, line: twoSteps }, 0);
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  open(severity: Severity = "major"): this {
    const words = { carrierCaseId: "NT-1", kind: "fault", title: "dead", channel: "phone", status: "acknowledged" };
    return this.event("09:00", "case.opened", { carrier: "northtel", severity, line: twoSteps.ref, ...words });
  }

  breach(time: string, kind: string, incarnation = "case/2"): this {
    return this.event(time, "clock.breached", {
      kind,
      clock: kind,
      incarnation,
      firingId: `fir ${kind} ${incarnation}`,
    });
  }

  lapse(time: string): this {
    return this.breach(time, "vendor.acceptance", openHandoffOf(this.state)?.id);
  }

  command(
    time: string,
    command: HandoffCommand,
    handoffId = openHandoffOf(this.state)?.id ?? "none",
  ): Refusal | undefined {
    // A different person makes each claim. handoffs/claims.test.ts tests a person who repeats a claim.
    const actor = command.type === "claim" ? { ...engineer, person: `eng-${this.#claims++}` } : engineer;
    const outcome = commandHandoff(
      this.crossing,
      { handoffId, command, actor },
      { ...unstaffed, line: twoSteps },
      at(time),
    );
    if (isRefused(outcome)) return outcome.refused;
    this.state = outcome.state;
    this.messages.push(...outcome.messages);
    return undefined;
  }

  accept(time: string, token = 1, dossierVersion = this.crossing.material.version): Refusal | undefined {
    const readBack = { problem: "dead", tried: "nothing" };
    const words = { engineer: ada, vendorCaseId: "OR-1", nextStep: "look", eta: "2026-03-07T12:00:00-05:00", readBack };
    return this.command(time, { type: "accept", token, dossierVersion, ...words });
  }

  get crossing(): CaseCrossing {
    if (this.state === undefined) throw new Error("open the case first");
    return this.state;
  }

  /** The published events without queue records, for example "09:20 handoff.offered". */
  get published(): string[] {
    return this.messages
      .filter(({ type }) => !type.startsWith("queue."))
      .map(({ time, type }) => `${clockTime(time)} ${type}`);
  }
}

const offered = () => new DrivenCrossing().open().breach("09:20", "stall.busy");
const claimed = () => {
  const driven = offered();
  driven.command("09:20:30", { type: "claim" });
  return driven;
};
const accepted = () => {
  const driven = claimed();
  driven.accept("09:20:30");
  return driven;
};

describe("crossing", () => {
  test.each(["stall.busy", "stall.idle", "handling.limit"])(
    "a breach of %s offers the case to the line's first queue",
    (kind) => {
      const driven = new DrivenCrossing().open().breach("09:20", kind);
      expect(driven.published).toEqual(["09:20 handoff.offered"]);
      expect(openHandoffOf(driven.crossing)).toMatchObject({
        vendor: "orchard",
        queue: "orchard.handheld",
        phase: "offered",
      });
      expect(driven.messages.find(({ type }) => type === "queue.offered")?.topic).toBe(
        "crossline.queue.orchard.stepped.v1",
      );
    },
  );

  test.each(["first-response", "confirmation", "information"])("a breach of %s does not cross the case", (kind) => {
    expect(new DrivenCrossing().open().breach("09:20", kind).published).toEqual([]);
  });

  test("a breach does not cross the case while a hand-off is open", () => {
    expect(offered().breach("09:21", "handling.limit").published).toEqual(["09:20 handoff.offered"]);
  });

  test("two requests for a crossing make one offer", () => {
    const driven = new DrivenCrossing().open().event("09:12", "crossing.requested", { asOf: 1 });
    expect(driven.event("09:12", "crossing.requested", { asOf: 1 }).published).toEqual(["09:12 handoff.offered"]);
  });

  test("a breach does not cross the case after its closing", () => {
    const driven = new DrivenCrossing()
      .open()
      .event("09:20", "case.closed", { from: "inProgress", reason: "by-carrier" });
    expect(driven.breach("09:20", "stall.busy").published).toEqual([]);
  });

  test("after a lapse routing repeats the offer as often as the step says, and then offers the case to the next queue", () => {
    const driven = offered().lapse("09:21:30").lapse("09:51:30");
    expect(driven.published.filter((event) => event.endsWith("offered"))).toEqual([
      "09:20 handoff.offered",
      "09:21:30 handoff.offered",
      "09:51:30 handoff.offered",
    ]);
    expect(openHandoffOf(driven.crossing)).toMatchObject({ queue: "quill.care", step: 1, attempt: 1 });
  });

  test("the lapse of an older offer has no effect", () => {
    const driven = offered();
    const first = openHandoffOf(driven.crossing)?.id;
    driven.lapse("09:21:30").breach("09:21:40", "vendor.acceptance", first);
    expect(driven.published).toHaveLength(3);
  });
});

describe("the last resort", () => {
  const exhausted = () => offered().lapse("09:21:30").lapse("09:51:30").lapse("10:21:30");
  const again = (driven: DrivenCrossing, time: string) =>
    driven.breach(time, "last-resort", `handoff/${waitFor(driven.crossing, "last-resort")?.sequence}`);

  test("⚠ routing calls the last resort again after 1, 2, 4 … 60 minutes until a person takes the case", () => {
    const driven = exhausted();
    for (let call = 1; call < 9; call++) again(driven, `10:${30 + call}`);
    const waits = driven.messages.flatMap((message) =>
      message.type === "last-resort.called" ? [message.data.next] : [],
    );
    expect(waits).toEqual(["PT1M", "PT2M", "PT4M", "PT8M", "PT16M", "PT32M", "PT1H", "PT1H", "PT1H"]);
    const taken = takeByPerson(
      driven.crossing,
      { engineer: ada, actor: rep },
      { ...unstaffed, line: twoSteps },
      at("11:00"),
    );
    expect(isRefused(taken)).toBe(false);
    if (!isRefused(taken)) driven.state = taken.state;
    expect(again(driven, "11:30").published.filter((event) => event.startsWith("11:30"))).toEqual([]);
  });

  test("routing calls the last resort again if the case stalls after a take", () => {
    const driven = exhausted();
    const taken = takeByPerson(
      driven.crossing,
      { engineer: ada, actor: rep },
      { ...unstaffed, line: twoSteps },
      at("10:30"),
    );
    if (!isRefused(taken)) driven.state = taken.state;
    expect(driven.breach("12:00", "stall.idle", "case/9").published.slice(-2)).toEqual([
      "12:00 line.exhausted",
      "12:00 last-resort.called",
    ]);
  });

  test("routing does not call the last resort again for the breach of an older call", () => {
    const driven = exhausted();
    const first = waitFor(driven.crossing, "last-resort")?.sequence;
    again(driven, "10:22:30").breach("10:23", "last-resort", `handoff/${first}`);
    expect(waitFor(driven.crossing, "last-resort")?.call).toBe(2);
  });

  test("a take is refused before the first call of the last resort", () => {
    const outcome = takeByPerson(
      offered().crossing,
      { engineer: ada, actor: rep },
      { ...unstaffed, line: twoSteps },
      at("09:30"),
    );
    expect(isRefused(outcome) && outcome.refused.code).toBe("illegal_transition");
  });
});

describe("the vendor's desk", () => {
  test("a desk claims and accepts a case with a read-back, and the vendor holds the case until the desk reports the resolution", () => {
    const driven = accepted();
    expect(driven.crossing).toMatchObject({
      holder: "orchard",
      waits: { for: "handoff", handoff: { phase: "accepted", token: 1 } },
    });
    driven.command("09:21:15", { type: "resolve", token: 1, fixCode: "memory-full" });
    expect(driven.crossing).toMatchObject({
      holder: "northtel",
      waits: { for: "confirmation", handoff: { vendor: "orchard" } },
    });
    expect(timesByHolder(driven.crossing, at("09:21:15"))).toEqual({ northtel: 1_230_000, orchard: 45_000 });
  });

  test.each([
    ["accept", (driven: DrivenCrossing) => driven.accept("09:21")],
    ["resolve", (driven: DrivenCrossing) => driven.command("09:21", { type: "resolve", token: 1, fixCode: "x" })],
    [
      "reject",
      (driven: DrivenCrossing) => driven.command("09:21", { type: "reject", token: 1, code: "not-our-fault" }),
    ],
  ])("cannot %s without a claim", (_, work) => {
    expect(work(offered())?.code).toBe("illegal_transition");
  });

  test("a desk cannot claim an offer while another desk has a lease, and can claim the offer when the lease has ended", () => {
    const driven = claimed();
    expect(driven.command("09:22:00", { type: "claim" })?.code).toBe("already_claimed");
    expect(driven.command("09:22:00.001", { type: "claim" })).toBeUndefined();
    expect(driven.accept("09:22:01", 1)?.code).toBe("stale_token");
    expect(driven.accept("09:22:01", 2)).toBeUndefined();
  });

  test("a desk renews its lease and releases its claim", () => {
    const driven = claimed();
    expect(driven.command("09:21:30", { type: "renew", token: 1 })).toBeUndefined();
    expect(driven.command("09:22:59", { type: "claim" })?.code).toBe("already_claimed");
    expect(driven.command("09:22:59", { type: "release", token: 1 })).toBeUndefined();
    expect(driven.command("09:22:59", { type: "claim" })).toBeUndefined();
    expect(openHandoffOf(driven.crossing)?.token).toBe(2);
  });

  test("a desk can accept after the end of its lease if no other person has claimed the offer", () => {
    expect(claimed().accept("09:40")).toBeUndefined();
  });

  test("a desk cannot accept with a stale version, and the refusal lists the changes", () => {
    const driven = claimed();
    const before = driven.crossing.material.version;
    driven.event("09:20:40", "entry.added", {
      kind: "hypothesis",
      by: "party",
      audience: "partners",
      text: "battery?",
    });
    const refused = driven.accept("09:20:50", 1, before);
    expect(refused).toMatchObject({ code: "stale_version", facts: { changedSince: ["hypothesis"] } });
  });

  test("a desk can accept with the same version after a heartbeat", () => {
    const driven = claimed();
    const before = driven.crossing.material.version;
    driven.event("09:20:40", "handling.continued", { handlingId: "h", channel: "phone" });
    expect(driven.accept("09:20:50", 1, before)).toBeUndefined();
  });

  test("a desk rejects the offer, and routing offers the case to the next step", () => {
    const driven = claimed();
    driven.command("09:21", { type: "reject", token: 1, code: "not-our-device" });
    expect(driven.published.slice(-2)).toEqual(["09:21 handoff.rejected", "09:21 handoff.offered"]);
    expect(openHandoffOf(driven.crossing)?.queue).toBe("quill.care");
  });

  test("a desk cannot command an ended hand-off", () => {
    const driven = claimed();
    const old = openHandoffOf(driven.crossing)?.id;
    driven.lapse("09:21:30");
    expect(driven.command("09:21:40", { type: "claim" }, old)?.code).toBe("illegal_transition");
  });

  test("a desk keeps a case that it accepted in time, even if the breach of the acceptance clock arrives later", () => {
    expect(openHandoffOf(accepted().lapse("09:21:30").crossing)?.phase).toBe("accepted");
  });
});

describe("a hand-off and later events of the case", () => {
  test("a closing withdraws an open offer", () => {
    const driven = offered().event("09:21", "case.closed", { from: "inProgress", reason: "by-carrier" });
    expect(driven.published.at(-1)).toBe("09:21 handoff.withdrawn");
    expect(driven.messages.at(-1)).toMatchObject({ type: "queue.ended", data: { reason: "withdrawn" } });
  });

  test("an overtaken firing withdraws the offer that it caused, unless a vendor has accepted the offer", () => {
    const overtaken = { clock: "stall.busy", kind: "stall.busy", firingIds: ["fir stall.busy case/2"] };
    const back = claimed().event("09:20:31", "clock.overtaken", overtaken);
    expect(openHandoffOf(back.crossing)).toBeUndefined();
    expect(openHandoffOf(back.breach("09:40", "stall.busy", "case/9").crossing)?.queue).toBe("orchard.handheld");
    expect(openHandoffOf(accepted().event("09:20:31", "clock.overtaken", overtaken).crossing)?.phase).toBe("accepted");
  });

  test("a confirmation of the case confirms the hand-off, and a reopened case begins at the line's first step", () => {
    const solved = () => {
      const driven = accepted();
      driven.command("09:21:15", { type: "resolve", token: 1, fixCode: "memory-full" });
      return driven.event("09:21:15", "case.resolved", {
        from: "inProgress",
        handoffId: waitFor(driven.crossing, "confirmation")?.handoff.id,
      });
    };
    expect(solved().event("10:00", "case.confirmed").published.at(-1)).toBe("10:00 handoff.confirmed");
    const reopened = solved().event("10:00", "case.reopened", { from: "resolved", reason: "still broken" });
    expect(reopened.published.at(-1)).toBe("10:00 handoff.reopened");
    expect(openHandoffOf(reopened.breach("11:00", "stall.idle", "case/9").crossing)?.queue).toBe("orchard.handheld");
  });

  test("a brief has no internal entry of the carrier", () => {
    const driven = new DrivenCrossing().open();
    driven.event("09:05", "entry.added", {
      kind: "note",
      by: "party",
      audience: "internal",
      text: "difficult customer",
    });
    driven.event("09:06", "entry.added", { kind: "note", by: "party", audience: "partners", text: "blinks red" });
    driven.breach("09:20", "stall.busy");
    const record = driven.messages.find((message) => message.type === "queue.offered");
    expect(JSON.stringify(record)).toContain("blinks red");
    expect(JSON.stringify(record)).not.toContain("difficult");
  });

  test("a brief stays within its limit of size and counts the omitted entries", () => {
    const driven = new DrivenCrossing().open();
    for (let index = 0; index < 1000; index++) {
      driven.event("09:05", "entry.added", { kind: "note", by: "party", audience: "partners", text: "x".repeat(4000) });
    }
    driven.breach("09:20", "stall.busy");
    const record = driven.messages.find((message) => message.type === "queue.offered");
    expect(JSON.stringify(record).length).toBeLessThan(100_000);
    expect(record?.type === "queue.offered" && record.data.brief.omitted).toBe(970);
  });
});

test("no second hand-off opens, no ended case crosses, and the times by holder add up to the time for which the case was open", () => {
  const steps: readonly ((driven: DrivenCrossing, time: string) => unknown)[] = [
    (driven, time) => driven.breach(time, "stall.busy"),
    (driven, time) => driven.lapse(time),
    (driven, time) => driven.event(time, "crossing.requested", { asOf: 1 }),
    (driven, time) => driven.command(time, { type: "claim" }),
    (driven, time) => driven.accept(time, openHandoffOf(driven.crossing)?.token),
    (driven, time) =>
      driven.command(time, { type: "reject", token: openHandoffOf(driven.crossing)?.token ?? 0, code: "duplicate" }),
    (driven, time) =>
      driven.command(time, { type: "resolve", token: openHandoffOf(driven.crossing)?.token ?? 0, fixCode: "x" }),
    (driven, time) => driven.event(time, "case.closed", { from: "inProgress", reason: "by-carrier" }),
    (driven, time) => driven.event(time, "case.reopened", { from: "closed", reason: "again" }),
    (driven, time) =>
      driven.breach(time, "last-resort", `handoff/${waitFor(driven.crossing, "last-resort")?.sequence}`),
  ];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: steps.length - 1 }), { maxLength: 40 }), (chosen) => {
      const driven = new DrivenCrossing().open();
      let endedMs = 0;
      let endedAt: number | undefined;
      for (const [index, step] of chosen.entries()) {
        const time = `10:${String(index).padStart(2, "0")}`;
        const before = driven.crossing.status;
        const messageCount = driven.messages.length;
        steps[step]?.(driven, time);
        const { status } = driven.crossing;
        const isOver = isEnded(before) && isEnded(status);
        expect(isOver && driven.messages.slice(messageCount).some(({ type }) => type === "handoff.offered")).toBe(
          false,
        );
        if (isEnded(status)) endedAt ??= at(time);
        else if (endedAt !== undefined) {
          endedMs += at(time) - endedAt;
          endedAt = undefined;
        }
      }
      const end = endedAt ?? at("11:00");
      const held = Object.values(timesByHolder(driven.crossing, at("11:00"))).reduce((sum, ms) => sum + ms, 0);
      expect(held).toBe(end - at("09:00") - endedMs);
      const open = driven.messages.reduce((count, { type }) => {
        if (type === "handoff.offered") return count + 1;
        return ["handoff.lapsed", "handoff.rejected", "handoff.withdrawn", "handoff.resolved"].includes(type)
          ? count - 1
          : count;
      }, 0);
      expect(open).toBe(openHandoffOf(driven.crossing) === undefined ? 0 : 1);
    }),
    { numRuns: 500 },
  );
});
