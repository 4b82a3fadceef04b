import { readFile } from "node:fs/promises";
import { connect } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";
import { expect, test } from "vitest";

/** A row of case_record as the version before wrote it. */
type Old = { readonly id: string; readonly status: string; readonly state: Record<string, unknown> };

const at = "2026-03-07T14:00:00Z";
const old = (id: string, status: string, state: Record<string, unknown>): Old => ({
  id,
  status,
  state: { id, carrier: "northtel", holder: "northtel", status, heldMs: {}, crossedTo: ["orchard"], ...state },
});
const open = { id: "ho_1", vendor: "orchard", queue: "orchard.desk", phase: "offered" };
const cases: readonly (Old & { readonly parts: readonly string[]; readonly former: readonly string[] })[] = [
  { ...old("cs_1", "inProgress", { crossedTo: [] }), parts: [], former: [] },
  { ...old("cs_2", "inProgress", { handoff: open }), parts: ["orchard"], former: [] },
  { ...old("cs_3", "inProgress", {}), parts: [], former: ["orchard"] },
  {
    ...old("cs_4", "inProgress", { holder: "orchard", crossedTo: ["orchard", "quill"] }),
    parts: ["orchard"],
    former: ["quill"],
  },
  { ...old("cs_5", "resolved", { heldMs: { orchard: 5 } }), parts: ["orchard"], former: [] },
  { ...old("cs_6", "closed", { holder: "orchard" }), parts: [], former: ["orchard"] },
  { ...old("cs_7", "inProgress", { joint: { parties: ["northtel", "orchard"] } }), parts: ["orchard"], former: [] },
];

test("cases of the version before get a reading, and former vendors a view", async () => {
  const fresh = await freshDatabase("intake");
  const database = connect(fresh.options("intake"));
  await database.query({ text: "alter table case_party drop column as_of" });
  await database.query({ text: "alter table case_record drop column last_event_at" });
  for (const { id, status, state } of cases) {
    await database.query({
      text: `insert into case_record (id, timeline, carrier, carrier_case_id, observe, opened_at, status, state)
        values ($1, 'wall', 'northtel', $1, false, $2, $3, $4)`,
      values: [id, at, status, JSON.stringify(state)],
    });
    for (const party of ["northtel", ...(state["crossedTo"] as string[])])
      await database.query({ text: "insert into case_party values ($1, 'wall', $2, $3)", values: [party, at, id] });
  }
  const file = new URL("../migrations/0010_keep_readings.sql", import.meta.url);
  for (const text of (await readFile(file, "utf8")).split(/;\n(?=\n)/)) await database.query({ text });
  const rows = await database.query<{
    id: string;
    reading: Record<string, unknown> | null;
    former: string[];
    left: boolean;
  }>({
    text: `select id, state->'reading' as reading,
        (select coalesce(array_agg(party), '{}') from case_party where case_id = id and as_of is not null) as former
      from case_record order by id`,
  });
  const named = ({ reading }: (typeof rows)[number]) => {
    const { vendors: _, ended, ...parts } = reading ?? {};
    return ["orchard", "quill"].filter((vendor) => ended !== true && JSON.stringify(parts).includes(vendor));
  };
  expect(rows.map((row) => [row.id, named(row), row.former])).toEqual(
    cases.map(({ id, parts, former }) => [id, parts, former]),
  );
  const vendors = rows.map(({ reading }) => reading?.["vendors"] ?? []);
  expect(vendors).toEqual(cases.map(({ state }) => state["crossedTo"]));
  await database.close();
  await fresh.drop();
});
