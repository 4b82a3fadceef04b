import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Subject } from "@crossline/contracts";
import { hashIdentity, identitiesOf } from "@crossline/domain";
import { type Database, connect, migrate, toSql } from "@crossline/postgres";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { intake } from "../src/app.ts";
import { type CaseFilter, listCases } from "../src/store/case-lists.ts";
import { listChain, listEntries } from "../src/store/dossier-lists.ts";

/* What a version before this one has stored is carried on. */

const { url } = inject("postgres");
const own = resolve(import.meta.dirname, "../migrations");
const schema = `t_${crypto.randomUUID().replaceAll("-", "")}`;
let folder: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-upgrade-"));
  database = connect({ url, schema, applicationName: schema });
});
afterEach(async () => {
  await database.query({ text: `drop schema if exists ${schema} cascade` });
  await database.close();
  rmSync(folder, { recursive: true });
});

/** The files before one of them, as the version before had them. */
async function migrateUpTo(first: string): Promise<void> {
  const earlier = join(folder, "intake/migrations");
  mkdirSync(earlier, { recursive: true });
  cpSync(own, earlier, { recursive: true, filter: (file) => !file.endsWith(".sql") || file < join(own, first) });
  await migrate({ url, schema, directories: [earlier] });
}

test("identifiers of before get one spelling, and cases are found by their customer", async () => {
  await migrateUpTo("0012");
  const subjects = [{}, { customerId: "Mu\u0308ller" }, { email: " Ann@Example.COM" }, { email: "\u00fc@example.com" }];
  for (const [index, carrierCaseId] of [" X-9", "X-9\u00a0", "Re\u0301f", "Y-1 "].entries()) {
    const state = { id: `cs_${index}`, carrier: "northtel", carrierCaseId, subject: subjects[index] };
    await database.query({
      text: `insert into case_record (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state)
        values ($1, 'wall', 'northtel', $2, false, now(), 'inProgress', $3)`,
      values: [state.id, carrierCaseId, JSON.stringify(state)],
    });
  }
  await database.query({
    text: `insert into case_record (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state)
      values ('cs_4', 'wall', 'northtel', 'Y-1', false, now(), 'inProgress', '{"carrierCaseId":"Y-1"}')`,
  });
  await database.query({
    text: `insert into contact (case_id, number, id, at, author, channel, direction, content, subject)
      values ('cs_0', 2, 'ct_1', now(), '{"party":"orchard"}', 'mail', 'inbound', 'inquiry',
        '{"customerId":"Mo\u0308ller","email":"bob@example.com"}')`,
  });
  await migrate({ url, schema, directories: intake.migrations });
  const rows = await database.query<{ id: string; name: string; same: boolean }>({
    text: `select id, carrier_case_id as name, carrier_case_id = state->>'carrierCaseId' as same from case_record order by id`,
  });
  // X-9 was told twice, and Y-1 was taken: one of each keeps what it had.
  expect(rows.map(({ name }) => name)).toEqual(["X-9", "X-9\u00a0", "R\u00e9f", "Y-1 ", "Y-1"]);
  expect(rows.filter(({ same }) => !same)).toEqual([]);
  const cases = async (subject: Subject) => {
    const identities = identitiesOf(subject).map(hashIdentity);
    const found = await database.query<{ id: string }>({
      text: "select case_id as id from case_identity where identity = any($1::text[]) and not of_device",
      values: [identities],
    });
    return found.map(({ id }) => id);
  };
  expect(await cases({ customerId: "M\u00fcller" })).toEqual(["cs_1"]);
  expect(await cases({ customerId: "M\u00f6ller" })).toEqual([]);
  expect(await cases({ email: "ann@example.com" })).toEqual(["cs_2"]);
  expect(await cases({ email: "bob@example.com" })).toEqual(["cs_0"]);
});

test("entries of one chain keep their numbers and are in their order, with the gaps of what is hidden", async () => {
  await migrateUpTo("0011");
  await database.query({
    text: `insert into entry (case_id, number, id, at, kind, audience, author_party, author, by, news, text, hash)
      select 'cs_1', number, 'en_' || number, now(), 'note', case number when 2 then 'internal' else 'partners' end,
        'northtel', '{"party":"northtel","automated":false}', 'party', true, 'x', 'h' || number
      from generate_series(1, 3) number`,
  });
  await migrate({ url, schema, directories: intake.migrations });
  const page = { caseId: "cs_1", after: { shared: 0, internal: 0 }, limit: 10 };
  expect((await listEntries(database, "orchard", page)).map(({ number }) => number)).toEqual([1, 3]);
  expect((await listEntries(database, "northtel", page)).map(({ number }) => number)).toEqual([1, 2, 3]);
  const chain = await listChain(database, { caseId: "cs_1", chain: "", limit: 3 });
  expect(chain.map(({ hash, chain: name }) => [hash, name])).toEqual([
    ["h1", ""],
    ["h2", ""],
    ["h3", ""],
  ]);
});

test("cases from before are listed by what they are and by their last event, for the carrier and a former vendor", async () => {
  await migrateUpTo("0013");
  const openedAt = Date.UTC(2026, 2, 7, 14);
  const ids = { open: "cs_1", closed: "cs_2" };
  for (const [status, id] of [
    ["inProgress", ids.open],
    ["closed", ids.closed],
  ]) {
    const lastEventAt = openedAt + 3_600_000;
    const state = { id, status, severity: "minor", holder: "northtel", carrier: "northtel", lastEventAt };
    await database.query({
      text: `insert into case_record (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state)
        values ($1, 'wall', 'northtel', $1, false, $2, $3, $4)`,
      values: [id, toSql(openedAt), status, JSON.stringify(state)],
    });
    const asOf = { at: openedAt, state: { ...state, status: "inProgress", lastEventAt: openedAt } };
    await database.query({
      text: `insert into case_party (party, timeline, opened_at, case_id, as_of)
        values ('northtel', 'wall', $1, $2, null), ('orchard', 'wall', $1, $2, $3)`,
      values: [toSql(openedAt), id, JSON.stringify(asOf)],
    });
  }
  await migrate({ url, schema, directories: intake.migrations });
  const list = async (party: string, more: Partial<CaseFilter>) => {
    const filter = { party, timeline: "wall", ...more };
    const rows = await listCases(database, { filter, isCarrier: party === "northtel", before: undefined, limit: 10 });
    return rows.map(({ state }) => state.id);
  };
  expect(await list("northtel", { status: ["inProgress", "held"] })).toEqual([ids.open]);
  expect(await list("northtel", { status: ["closed"] })).toEqual([ids.closed]);
  expect(await list("northtel", { updatedSince: openedAt + 3_600_000 })).toEqual([ids.closed, ids.open]);
  expect(await list("northtel", { updatedSince: openedAt + 3_600_001 })).toEqual([]);
  expect(await list("orchard", { status: ["inProgress"] })).toEqual([ids.closed, ids.open]);
  expect(await list("orchard", { updatedSince: openedAt })).toEqual([ids.closed, ids.open]);
  expect(await list("orchard", { updatedSince: openedAt + 1 })).toEqual([]);
});
