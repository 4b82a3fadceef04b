import { expect, test } from "vitest";
import { type CaseCrossing, briefAt } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff, twoSteps } from "../handoffs/driven-handoff.ts";

const rep = { party: "northtel", automated: false };
const requires = [
  "device.model",
  { item: "subject.imei", from: "customer" },
  { item: "msid", from: "vendor" },
] as const;
const opened = () => new DrivenHandoff(twoSteps({ requires: [...requires] })).event("09:00", "case.opened", opening);
const opening = {
  actor: rep,
  carrier: "northtel",
  carrierCaseId: "NT-1",
  kind: "fault",
  severity: "major",
  title: "No broadband",
  channel: "phone",
  line: { carrier: "northtel", name: "test", version: 1 },
  lineReason: "named",
  status: "acknowledged",
  symptom: "no-broadband",
};
const entry = (more: object) => ({
  actor: rep,
  entryId: "en_1",
  audience: "partners",
  by: "party",
  news: true,
  ...more,
});
const brief = (driven: DrivenHandoff) => briefAt(driven.state as CaseCrossing, at("10:00"));

test("the brief states the completeness, and lists each missing item with the party that must supply the item", () => {
  expect(brief(opened())).toMatchObject({
    owed: [
      { item: "device.model", from: "carrier" },
      { item: "subject.imei", from: "customer" },
      { item: "msid", from: "vendor" },
    ],
    missing: ["device.model", "subject.imei", "msid"],
    completeness: 0,
  });
});

test("a later fact, or the subject of a contact, fills a missing item", () => {
  const subject = { imei: "490154203237518" };
  const contact = { actor: rep, contactId: "ct_1", channel: "chat", direction: "inbound", content: "inquiry", subject };
  const driven = opened()
    .event("09:10", "entry.added", entry({ kind: "fact", fact: { name: "msid", value: "42" } }))
    .event("09:20", "case.contacted", contact);
  expect(brief(driven)).toMatchObject({ owed: [{ item: "device.model" }], completeness: 66, subject });
});

test("⚠ a merge fills the missing items that the source case has", () => {
  const source = { contacts: { count: 1, byChannel: {}, lastAt: "2026-03-07T14:00:00Z" }, clocks: [], entries: [] };
  const merged = { actor: rep, from: "cs_2", carrierCaseId: "NT-2", reason: "one fault", ...source };
  const driven = opened().event("09:10", "case.merged", { ...merged, given: ["msid", "subject.imei"] });
  expect(brief(driven)).toMatchObject({ owed: [{ item: "device.model" }], completeness: 66 });
});

test("⚠ an internal entry is not in the brief, and its item stays missing", () => {
  const internal = entry({
    kind: "fact",
    audience: "internal",
    fact: { name: "msid", value: "42" },
    subject: { imei: "490154203237518" },
  });
  const internalBrief = brief(opened().event("09:10", "entry.added", internal));
  expect(internalBrief.owed).toHaveLength(3);
  expect(JSON.stringify(internalBrief)).not.toMatch(/42|490154203237518/);
});

test("the brief lists attachments and open promises, but no kept or withdrawn promises", () => {
  const attachment = {
    name: "a.png",
    mediaType: "image/png",
    bytes: 1,
    sha256: "0".repeat(64),
    url: "https://a.example/a",
  };
  const promise = (promiseId: string, text: string) => ({
    actor: rep,
    promiseId,
    promisor: "quill",
    text,
    until: "2026-03-07T20:00:00Z",
  });
  const driven = opened()
    .event("09:10", "entry.added", entry({ kind: "attachment", attachment }))
    .event("09:11", "promise.made", promise("pr_1", "new keys"))
    .event("09:12", "promise.made", promise("pr_2", "a call"))
    .event("09:13", "promise.withdrawn", { ...promise("pr_2", "a call"), reason: "not needed" });
  expect(brief(driven)).toMatchObject({
    attachments: [{ attachment }],
    promises: ["quill, until 2026-03-07T20:00:00Z: new keys"],
  });
});
