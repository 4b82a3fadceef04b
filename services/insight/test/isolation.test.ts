import { newId } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHistory } from "./history.ts";
import { type World, createWorld } from "./world.ts";

/*
 * A case of Northtel crosses to Orchard, comes back, is corrected, and crosses to Quill. The words that some company must not read are
 * markers.
 */

const at = Date.parse("2026-03-02T09:00:00Z");
const minute = 60_000;
const later = "marker-later";
const words = ["marker-title", "marker-person", "marker-name", "marker-note"];
const names = [
  "first-contact-resolution",
  "contacts-per-case",
  "transfers-per-case",
  "time-by-holder",
  "time-to-accept",
  "time-to-claim",
  "returns-by-code",
  "promises-kept",
  "cure-time-gap",
];

let world: World;
let keys: Readonly<Record<"northtel" | "southtel" | "orchard" | "quill" | "operator", string>>;
let caseId: string;

beforeAll(async () => {
  world = await createWorld();
  keys = {
    northtel: await world.party("northtel", "carrier"),
    southtel: await world.party("southtel", "carrier"),
    orchard: await world.party("orchard", "vendor"),
    quill: await world.party("quill", "vendor"),
    operator: await world.party("operator", "operator"),
  };
  await world.start();
  const history = createHistory();
  const device = { vendor: "orchard", model: "Handheld 8700", os: "PocketOS 4.2" };
  caseId = history.open(at, {
    actor: { party: "northtel", person: "marker-person", automated: false },
    title: "marker-title",
    device,
    symptom: "no-signal",
    subject: { name: "marker-name" },
  });
  const [first, second] = [newId("ho"), newId("ho")];
  history.handoff(caseId, at + minute, "handoff.offered", { handoffId: first });
  history.handoff(caseId, at + 2 * minute, "handoff.accepted", { handoffId: first });
  history.handoff(caseId, at + 3 * minute, "handoff.returned", { handoffId: first, note: "marker-note" });
  const corrected = { ...device, model: later, os: later };
  history.add(caseId, at + 4 * minute, "case.corrected", {
    reason: "marker-note",
    device: corrected,
    symptom: later,
    from: { device, symptom: "no-signal" },
  });
  const assignment = { assignmentId: newId("ho"), pool: "marker-pool" };
  history.assign(caseId, at + 5 * minute, "pool.assigned", assignment);
  history.assign(caseId, at + 6 * minute, "pool.claimed", assignment);
  const queue = "quill.notebooks";
  history.handoff(caseId, at + 7 * minute, "handoff.offered", { handoffId: second, queue });
  history.handoff(caseId, at + 9 * minute, "handoff.accepted", { handoffId: second, queue });
  history.handoff(caseId, at + 10 * minute, "handoff.resolved", { handoffId: second, queue });
  history.promise(caseId, at + 8 * minute, newId("pr"), at + 20 * minute);
  history.resolve(caseId, at + 10 * minute);
  history.confirm(caseId, at + 11 * minute);
  await world.publish(history.messages);
});
afterAll(() => world.stop());

async function textOf(path: string, key: string): Promise<string> {
  return (await world.read(path, key)).text();
}

describe("another carrier", () => {
  test.each(names)("%s has nothing of the case", async (name) => {
    const report = await world.report(`/v1/reports/${name}`, keys.southtel);
    expect(report.items).toEqual([]);
    expect(await textOf(`/v1/reports/${name}/cases`, keys.southtel)).toBe('{"items":[]}');
  });

  test("a company cannot name another company", async () => {
    const response = await world.read("/v1/reports/time-to-accept?party=northtel", keys.southtel);
    expect(response.status).toBe(404);
  });
});

describe("a vendor", () => {
  test("reads only its own hand-offs, by company and by model", async () => {
    const one = await world.report("/v1/reports/time-to-accept?by=company,queue", keys.orchard);
    expect(one.items).toEqual([
      {
        group: { company: "northtel", queue: "orchard.handheld" },
        value: minute,
        count: 1,
        parts: { accepted: 1, offered: 1 },
      },
    ]);
    const other = await world.report("/v1/reports/time-to-accept?by=queue", keys.quill);
    expect(other.items).toMatchObject([{ group: { queue: "quill.notebooks" }, value: 2 * minute }]);
  });

  test("reads the device as of the end of its hand-off, and never a later correction", async () => {
    const by = "by=os,osVersion,model,symptom";
    const { items } = await world.report(`/v1/reports/returns-by-code?by=os,model,symptom`, keys.orchard);
    expect(items).toMatchObject([
      { group: { os: "PocketOS", model: "Handheld 8700", symptom: "no-signal", code: "bad-data" }, value: 1 },
    ]);
    for (const name of ["time-to-accept", "returns-by-code"]) {
      expect(await textOf(`/v1/reports/${name}?${by}`, keys.orchard)).not.toContain(later);
      const filtered = await world.report(`/v1/reports/${name}?model=${later}`, keys.orchard);
      expect(filtered.items).toEqual([]);
    }
    expect(await textOf(`/v1/reports/time-to-accept?${by}`, keys.quill)).toContain(later);
    expect(await textOf(`/v1/reports/time-to-accept?${by}`, keys.northtel)).toContain(later);
  });

  test("reads no fix of another vendor, and a first fix only after its own first acceptance", async () => {
    for (const key of [keys.orchard, keys.quill])
      expect((await world.report("/v1/reports/cure-time-gap", key)).items).toEqual([]);
    const { items } = await world.report("/v1/reports/cure-time-gap?by=pool", keys.northtel);
    expect(items).toMatchObject([{ group: { pool: "marker-pool" }, count: 1 }]);
  });

  test.each(["first-contact-resolution", "contacts-per-case", "transfers-per-case", "time-by-holder", "time-to-claim"])(
    "has no report %s",
    async (name) => {
      expect((await world.read(`/v1/reports/${name}`, keys.orchard)).status).toBe(404);
      expect((await world.read(`/v1/reports/${name}/cases`, keys.orchard)).status).toBe(404);
      expect(await textOf("/v1/reports", keys.orchard)).not.toContain(`"${name}"`);
    },
  );

  test.each(["by=line", "by=pool", "line=handheld", "pool=marker-pool"])("cannot use %s", async (query) => {
    for (const name of ["time-to-accept", "cure-time-gap"])
      expect((await world.read(`/v1/reports/${name}?${query}`, keys.orchard)).status).toBe(400);
  });
});

describe("the operator", () => {
  test("names a company, reads its values and no list of cases", async () => {
    expect((await world.read("/v1/reports/time-to-accept", keys.operator)).status).toBe(400);
    expect((await world.read("/v1/reports/time-to-accept?party=stranger", keys.operator)).status).toBe(422);
    const report = await world.report("/v1/reports/time-to-accept?party=northtel", keys.operator);
    expect(report).toMatchObject({ party: "northtel", items: [{ count: 2 }] });
    expect((await world.read("/v1/reports/time-to-accept/cases?party=northtel", keys.operator)).status).toBe(403);
  });
});

test("the cases behind a value are those that it counts, the latest first and page by page", async () => {
  const first = (await (await world.read("/v1/reports/time-to-accept/cases?limit=1", keys.northtel)).json()) as Page;
  expect(first.items).toMatchObject([{ caseId, at: "2026-03-02T09:07:00Z", value: 2 * minute }]);
  const path = `/v1/reports/time-to-accept/cases?limit=1&cursor=${first.next}`;
  const second = (await (await world.read(path, keys.northtel)).json()) as Page;
  expect(second).toMatchObject({ items: [{ caseId, value: minute }] });
  expect(second.next).toBeUndefined();
});

type Page = { readonly items: readonly unknown[]; readonly next?: string };

test("the tables have no words and no people", async () => {
  const tables = await world.tables();
  expect(tables).toContain(later);
  expect(words.filter((word) => tables.includes(word))).toEqual([]);
});

test("a client that asks for CSV gets CSV, and a file name", async () => {
  const response = await world.read("/v1/reports/time-to-accept?by=queue", keys.northtel, { accept: "text/csv" });
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="time-to-accept.csv"');
  expect(await response.text()).toBe(
    "queue,value,unit,count,accepted,offered\r\norchard.handheld,60000,milliseconds,1,1,1\r\nquill.notebooks,120000,milliseconds,1,1,1\r\n",
  );
});
