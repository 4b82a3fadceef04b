import { newId, topics, wall } from "@crossline/contracts";
import { verifyExportFile } from "@crossline/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const open = async (more: Record<string, unknown> = {}) =>
  (await world.northtel.post("/v1/cases", opening(more))).body.id as string;
const add = (id: string, more: Record<string, unknown>, client = world.northtel) =>
  client.post(`/v1/cases/${id}/entries`, more);
/** Opens a case in the form that an earlier version stored, without internal chains. */
const openOlder = async () => {
  const id = await open();
  await world.database.query({
    text: "update case_record set state = (state::jsonb - 'chains')::json where id = $1",
    values: [id],
  });
  return id;
};
const note = (text: string, more: Record<string, unknown> = {}) => ({ kind: "note", text, ...more });
const reinstall = (more: Record<string, unknown> = {}) => ({
  kind: "step-tried",
  person: "rep-7",
  step: { name: "reinstall-software", parameters: { version: "4" }, outcome: "failed" },
  ...more,
});

async function offer(caseId: string): Promise<void> {
  const actor = { party: "orchard", automated: true };
  const one = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld", actor };
  const data = { ...one, step: 0, attempt: 0, mode: "ticket", reason: "clock" };
  const rest = { topic: topics.handoff, key: caseId, sequence: 1, time: Date.now(), timeline: wall };
  await world.publish({ ...rest, type: "handoff.offered", data });
  await world.orchard.get(`/v1/cases/${caseId}`);
}

/** Returns the text of an export file. */
async function exported(id: string, client = world.northtel): Promise<string> {
  const { status, body } = await client.send("GET", `/v1/cases/${id}/dossier`);
  expect(status).toBe(200);
  return JSON.stringify(body);
}
const faults = (text: string) => verifyExportFile(text).map(({ at }) => at);

describe("the chain", () => {
  test("the events, the stored entries and the head in the case agree about the chain", async () => {
    const id = await open();
    for (const text of ["one", "two", "three"]) await add(id, note(text));
    await waitFor(() => world.eventTypes(id).filter((type) => type === "entry.added").length === 3);
    const events = world.events
      .filter(({ key, type }) => key === id && type === "entry.added")
      .map(({ data }) => data as any);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/entries`)).body;
    expect(items.map(({ hash }: any) => hash)).toEqual(events.map(({ hash }) => hash));
    expect(events.map(({ previous }) => previous)).toEqual([undefined, events[0].hash, events[1].hash]);
    const { dossier } = (await world.northtel.get(`/v1/cases/${id}`)).body;
    expect(dossier).toEqual({ entries: 3, head: events[2].hash });
  });

  test("concurrent entries get consecutive numbers and form one chain", async () => {
    const id = await open();
    await Promise.all(Array.from({ length: 30 }, (_, index) => add(id, note(`note ${index}`))));
    expect(faults(await exported(id))).toEqual([]);
  });

  test("rows that are older than the chain have no hash, and the chain starts with the next entry", async () => {
    const id = await openOlder();
    for (const text of ["old", "older"]) await add(id, note(text));
    await world.database.query({
      text: "update entry set hash = null, previous = null where case_id = $1",
      values: [id],
    });
    await world.database.query({
      text: "update case_record set state = (state::jsonb - 'chain')::json where id = $1",
      values: [id],
    });
    await add(id, note("new"));
    const text = await exported(id);
    expect(faults(text)).toEqual([]);
    expect(JSON.parse(text).entries.map((one: any) => "hash" in one)).toEqual([false, false, true]);
  });
});

describe("the list", () => {
  const pages = async (id: string, client: World["orchard"]) => {
    const items: any[] = [];
    const cursors: unknown[] = [];
    for (let next: string | undefined = ""; next !== undefined;) {
      const query = next === "" ? "" : `&cursor=${next}`;
      const { body } = await client.get(`/v1/cases/${id}/entries?limit=2${query}`);
      items.push(...body.items);
      ({ next } = body);
      if (next !== undefined) cursors.push(JSON.parse(Buffer.from(next, "base64url").toString()));
    }
    return { items, cursors };
  };

  test.each([
    ["of two chains", open],
    ["of one chain, of an earlier version", openOlder],
  ])(
    "all result pages list entries in the order of writing, and reveal no number of a hidden entry: %s",
    async (_, opener) => {
      const id = await opener();
      await offer(id);
      for (const [text, client, audience] of [
        ["a", world.northtel, "partners"],
        ["secret", world.northtel, "internal"],
        ["b", world.orchard, "internal"],
        ["secret", world.northtel, "internal"],
        ["c", world.northtel, "partners"],
        ["d", world.orchard, "internal"],
        ["e", world.orchard, "partners"],
        ["secret", world.northtel, "internal"],
        ["f", world.orchard, "internal"],
      ] as const)
        expect((await add(id, note(text, { audience }), client)).status).toBe(201);
      const { items, cursors } = await pages(id, world.orchard);
      expect(items.map(({ text }) => text).join("")).toBe("abcdef");
      const whole = (await world.orchard.get(`/v1/cases/${id}/entries`)).body.items;
      expect(items).toEqual(whole);
      expect((await pages(id, world.northtel)).items.map(({ text }) => text)).toHaveLength(6);
      if (opener === openOlder) return;
      expect(items.map(({ chain, number }) => `${chain} ${number}`)).toEqual([
        "shared 1",
        "internal 1",
        "shared 2",
        "internal 2",
        "shared 3",
        "internal 3",
      ]);
      expect(cursors).toEqual([
        [1, 1],
        [2, 2],
      ]);
    },
  );

  test("a list refuses the cursor of another list", async () => {
    const id = await open();
    for (const cursor of ["7", "[1]", '[1,"2"]', "[-1,0]", '"hd_1"', "null", "{"]) {
      const text = Buffer.from(cursor).toString("base64url");
      expect((await world.northtel.get(`/v1/cases/${id}/entries?cursor=${text}`)).status).toBe(400);
    }
    const ofEntries = Buffer.from("[1,1]").toString("base64url");
    expect((await world.northtel.get(`/v1/cases/${id}/handlings?cursor=${ofEntries}`)).status).toBe(400);
  });
});

describe("the export", () => {
  test("the verification of an export with every kind of entry succeeds, and fails after a stored row was changed", async () => {
    const id = await open({ subject: { name: "B. Customer" } });
    const attachment = {
      name: "Bildschirm „1“.png",
      mediaType: "image/png",
      bytes: 12,
      sha256: "0".repeat(64),
      url: "https://files.northtel.example/1.png",
    };
    const bodies = [
      note('He said: "no"\n\t— \u2028 é 😀'),
      { kind: "hypothesis", text: "out of memory?", by: "customer", subject: { phone: "+1 416 555 0120" } },
      reinstall(),
      reinstall({ again: "with the new version" }),
      { kind: "fact", fact: { name: "os-version", value: "4.2" }, text: "from the label" },
      { kind: "attachment", attachment },
      { kind: "message", text: "Please call back", audience: "customer" },
      { kind: "decision", text: "We wait", automated: true },
    ];
    for (const one of bodies) expect((await add(id, one)).status).toBe(201);
    const text = await exported(id);
    expect(faults(text)).toEqual([]);
    const bundle = JSON.parse(text);
    expect(bundle).toMatchObject({
      exportedFor: "northtel",
      case: { id },
      contacts: [{ number: 1, channel: "phone" }],
    });
    expect(bundle.shared.entries[3].entry.repeats).toEqual({
      entryId: bundle.shared.entries[2].entry.entryId,
      reason: "with the new version",
    });
    await world.database.query({
      text: "update entry set text = 'from the lable' where case_id = $1 and number = 5",
      values: [id],
    });
    expect(faults(await exported(id))).toEqual(["/shared/entries/4"]);
    await world.database.query({ text: "delete from entry where case_id = $1 and number = 5", values: [id] });
    expect(faults(await exported(id))).toEqual(["/shared/entries/4", "/shared/entries/4"]);
  });

  const bothSay = async (id: string) => {
    await offer(id);
    await add(id, note("he is angry", { audience: "internal" }));
    await add(id, note("screen is dark"));
    await add(id, note("a known flaw", { audience: "internal" }), world.orchard);
    return [await exported(id), await exported(id, world.orchard)] as const;
  };

  test("⚠ an export reveals nothing of the other company's internal entries, and its verification succeeds", async () => {
    const id = await open();
    const [carriers, vendors] = await bothSay(id);
    for (const text of [carriers, vendors]) expect(faults(text)).toEqual([]);
    expect(vendors).not.toContain("angry");
    expect(carriers).not.toContain("flaw");
    const [carriersOwn, vendorsOwn] = [JSON.parse(carriers), JSON.parse(vendors)];
    expect(vendorsOwn.shared).toEqual(carriersOwn.shared);
    expect(vendorsOwn.internal.entries.map((one: any) => [one.number, one.entry.text])).toEqual([[1, "a known flaw"]]);
    const { dossier, counts } = (await world.orchard.get(`/v1/cases/${id}`)).body;
    const internal = { entries: 1, head: vendorsOwn.internal.head };
    expect(dossier).toEqual({ entries: 1, head: vendorsOwn.shared.head, internal });
    expect(counts.entries).toBe(2);
  });

  test("⚠ the export shows only the hash of a hidden entry in a case with one chain", async () => {
    const [carriers, vendors] = await bothSay(await openOlder());
    expect(faults(carriers)).toEqual([]);
    expect(faults(vendors)).toEqual([]);
    expect(vendors).not.toContain("angry");
    expect(carriers).not.toContain("flaw");
    const links = JSON.parse(vendors).entries;
    expect(Object.keys(links[0]).toSorted()).toEqual(["hash", "hidden", "number"]);
    expect(JSON.parse(carriers).head).toBe(JSON.parse(vendors).head);
  });

  test("the last entry of an export is its head, even if entries are added during the request", async () => {
    const id = await open();
    const writing = Array.from({ length: 40 }, (_, index) => add(id, note(`note ${index}`)));
    const reading = Array.from({ length: 20 }, () => exported(id));
    for (const text of await Promise.all(reading)) expect(faults(text)).toEqual([]);
    await Promise.all(writing);
  });

  test("only companies that may read a case can export it", async () => {
    const id = await open();
    for (const client of [world.lumen, world.orchard])
      expect(await client.get(`/v1/cases/${id}/dossier`)).toMatchObject({ status: 404 });
  });
});

describe("the ledger", () => {
  test("⚠ without a reason, the ledger refuses a tried step that any case of the carrier already has for the same device", async () => {
    const subject = { imei: "490154203237518" };
    const first = await open({ subject });
    const { id: entryId } = (await add(first, reinstall())).body;
    const second = await open({ subject: { imei: "49-015420-323751-8" } });
    const refused = await add(second, reinstall());
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: "step_already_tried",
        tried: { entryId, caseId: first, party: "northtel", person: "rep-7", outcome: "failed" },
      },
    });
    const again = await add(second, reinstall({ again: "on another operating system" }));
    expect(again.status).toBe(201);
    const { items } = (await world.northtel.get(`/v1/cases/${second}/entries`)).body;
    expect(items).toMatchObject([{ repeats: { entryId, reason: "on another operating system" } }]);
  });

  test("the ledger accepts a tried step again with other parameters, on another device, or for another carrier", async () => {
    const first = await open({ subject: { imei: "356938035643809" } });
    await add(first, reinstall());
    const step = { name: "reinstall-software", parameters: { version: "5" }, outcome: "failed" };
    expect((await add(first, reinstall({ step }))).status).toBe(201);
    const other = await open({ subject: { imei: "352099001761481" } });
    expect((await add(other, reinstall())).status).toBe(201);
    const { id } = (await world.lumen.post("/v1/cases", opening({ subject: { imei: "356938035643809" } }))).body;
    expect((await add(id, reinstall(), world.lumen)).status).toBe(201);
  });

  test("if the device has no identity, the ledger compares only the tried steps of the same case", async () => {
    const [one, another] = [await open(), await open()];
    expect((await add(one, reinstall())).status).toBe(201);
    expect((await add(another, reinstall())).status).toBe(201);
    expect((await add(one, reinstall())).status).toBe(409);
  });

  test("the ledger accepts only one of two equal tried steps that arrive at the same time", async () => {
    const id = await open();
    const both = await Promise.all([add(id, reinstall()), add(id, reinstall())]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  test("a refusal by the ledger does not reveal the other company's internal entry", async () => {
    const id = await open();
    await offer(id);
    await add(id, reinstall({ audience: "internal" }));
    expect((await add(id, reinstall(), world.orchard)).status).toBe(201);
  });
});

test("intake refuses an attachment that has a wrong type, is too large, or has no https address, and names the field", async () => {
  const id = await open();
  const good = { name: "a.png", mediaType: "image/png", bytes: 1, sha256: "0".repeat(64), url: "https://a.example/a" };
  const wrong: [Record<string, unknown>, string][] = [
    [{ mediaType: "text/html" }, "/attachment/mediaType"],
    [{ bytes: 25_000_001 }, "/attachment/bytes"],
    [{ url: "http://a.example/a" }, "/attachment/url"],
    [{ sha256: "abc" }, "/attachment/sha256"],
    [{ name: "../a.png" }, "/attachment/name"],
  ];
  for (const [change, at] of wrong) {
    const refused = await add(id, { kind: "attachment", attachment: { ...good, ...change } });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ at }] } });
  }
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.counts.entries).toBe(0);
});
