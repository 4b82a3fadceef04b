import { describe, expect, test } from "vitest";
import { answerQuestion, openHandoffOf } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff, evidence, rep, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

const requires = [
  { item: "battery-log", from: "carrier" as const },
  { item: "photo", from: "carrier" as const },
];
const demanding = () => twoSteps({ requires });
const ask = { type: "request-info", code: "needs-log", items: ["battery-log", "photo"], question: "When did it die?" };
const asked = (): DrivenHandoff =>
  new DrivenHandoff(demanding()).open().cross("09:10").execute("09:11", { type: "claim" }).execute("09:12", ask);
const answer = (driven: DrivenHandoff, items?: readonly string[]) =>
  driven.decide((state) => {
    const deps = { ...unstaffed, line: demanding() };
    return answerQuestion(
      state,
      { handoffId: openHandoffOf(state)?.id ?? "", actor: rep, answer: "last night", items },
      deps,
      at("09:20"),
    );
  });
const notes = (driven: DrivenHandoff): string => JSON.stringify(driven.last("queue.offered").data.brief.notes);

describe("the content of the next brief", () => {
  test("the next brief contains the evidence of a return, and the version of the case stays the same", () => {
    const driven = new DrivenHandoff().open().cross("09:10").accept("09:12");
    const { version } = driven.crossing.material;
    driven.giveBack("09:40").cross("09:50");
    expect(notes(driven)).toContain(evidence.wouldChangeOurMind);
    expect(driven.crossing.material.version).toBe(version);
  });

  test("the offer that follows a transfer contains the note of the transfer", () => {
    const driven = new DrivenHandoff().open().cross("09:10").accept("09:12");
    driven.execute("09:40", {
      type: "transfer",
      code: "wrong-vendor",
      to: "quill.care",
      note: "the charger is theirs",
    });
    expect(driven.last("queue.offered").data.queue).toBe("quill.care");
    expect(notes(driven)).toContain("the charger is theirs");
  });

  test("the next brief contains the reason of a requested crossing", () => {
    const driven = new DrivenHandoff()
      .open()
      .event("09:10", "crossing.requested", { asOf: 1, reason: "leaves at noon" });
    expect(notes(driven)).toContain("leaves at noon");
  });

  test("the next brief contains a text only once, although intake also adds the text as an entry", () => {
    const driven = asked();
    const { material } = driven.crossing;
    const of = { topic: "crossline.handoff.v1", sequence: 3 };
    driven.event("09:13", "entry.added", { kind: "message", audience: "partners", by: "party", text: "When?", of });
    expect(driven.crossing.material).toEqual(material);
    expect(driven.messages.map(({ type }) => type)).not.toContain("queue.updated");
  });
});

describe("the carrier's reply to an information request", () => {
  test("the desk gets the reply in queue.updated, and accepts with the version of the brief in this record", () => {
    const driven = asked();
    const { version } = driven.crossing.material;
    expect(answer(driven)).toBeUndefined();
    const { data } = driven.last("queue.updated");
    expect(data).toMatchObject({ phase: "claimed", changes: [], brief: { case: { version } } });
    expect(data.information).toEqual({ answer: "last night", items: ["battery-log", "photo"], bestEffort: false });
    expect(data.brief.owed).toEqual([]);
    driven.accept("09:31");
  });

  test("the response shows the offer as claimable if the lease has ended", () => {
    const driven = asked();
    const deps = { ...unstaffed, line: demanding() };
    driven.decide((state) =>
      answerQuestion(state, { handoffId: openHandoffOf(state)?.id ?? "", actor: rep, answer: "x" }, deps, at("09:30")),
    );
    expect(driven.last("queue.updated").data.phase).toBe("offered");
  });

  test("the reply fills only the requested items that it names", () => {
    const driven = asked();
    expect(answer(driven, ["colour"])).toMatchObject({ code: "invalid_request" });
    answer(driven, ["photo"]);
    expect(driven.last("queue.updated").data.brief.owed).toEqual([{ item: "battery-log", from: "carrier" }]);
  });

  test("if the carrier does not reply before the deadline, best effort fills no items", () => {
    const driven = asked().breach("+1 09:12", "information", "handoff/3");
    expect(driven.last("queue.updated").data.information).toEqual({ bestEffort: true });
    expect(driven.last("queue.updated").data.brief.owed).toHaveLength(2);
  });
});

describe("a desk that only reads its queue's topic", () => {
  const note = { kind: "note", audience: "partners", by: "party", text: "it is under water" };

  test("the desk receives changes of the brief only while it can accept the case", () => {
    const driven = new DrivenHandoff().open().cross("09:10").event("09:12", "entry.added", note);
    const { changes, brief } = driven.last("queue.updated").data;
    expect(changes).toEqual(["note"]);
    expect(brief.case.version).toBe(driven.crossing.material.version);
    driven.accept("09:13").event("09:14", "entry.added", note);
    expect(driven.messages.filter(({ type }) => type === "queue.updated")).toHaveLength(1);
  });

  test("the desk receives no internal entry of the carrier", () => {
    const driven = new DrivenHandoff()
      .open()
      .cross("09:10")
      .event("09:12", "entry.added", { ...note, audience: "internal" });
    expect(driven.messages.map(({ type }) => type)).not.toContain("queue.updated");
  });

  test("the desk receives the acceptance or rejection of another desk", () => {
    const accepted = new DrivenHandoff().open().cross("09:10").accept("09:12");
    expect(accepted.last("queue.ended").data).toMatchObject({ queue: "orchard.handheld", reason: "accepted" });
    const rejected = new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
    rejected.execute("09:12", { type: "reject", code: "no-capacity" });
    expect(rejected.last("queue.ended").data).toMatchObject({ queue: "orchard.handheld", reason: "rejected" });
  });
});
