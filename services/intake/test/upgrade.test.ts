import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Database, connect, migrate } from "@crossline/postgres";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
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

test("entries of one chain keep their numbers and are in their order, with the gaps of what is hidden", async () => {
  await migrateUpTo("0011");
  await database.query({
    text: `insert into entry (case_id, number, id, at, kind, audience, author_party, author, by, news, text, hash)
      select 'cs_1', number, 'en_' || number, now(), 'note', case number when 2 then 'internal' else 'partners' end,
        'northtel', '{"party":"northtel","automated":false}', 'party', true, 'x', 'h' || number
      from generate_series(1, 3) number`,
  });
  await migrate({ url, schema, directories: [own] });
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
