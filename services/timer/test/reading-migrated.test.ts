import { readFile } from "node:fs/promises";
import { connect } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";
import { expect, test } from "vitest";

const handoff = { handoff: { id: "ho_1", vendor: "orchard", accepted: false } };
/** Rows as the version before wrote them: as a list, and from before the lists as an object. */
const states: readonly (readonly [id: string, state: unknown, reading: object | null, former: readonly string[]])[] = [
  [
    "cs_1",
    ["n", "i", 0, 1, 1, [], [], 0, 1, [], 0, handoff],
    { holder: "northtel", asked: "orchard", ended: false },
    [],
  ],
  ["cs_2", ["n", "i", 0, 1, 1, [], [], "orchard", 1], { holder: "orchard", ended: false }, []],
  ["cs_3", ["n", "i", 0, 1, 1], { holder: "northtel", ended: false }, ["orchard"]],
  ["cs_4", ["n", "c", 0, 1, 1, [], [], "orchard"], { holder: "northtel", ended: true }, ["orchard"]],
  ["cs_5", { severity: "minor", status: "inProgress", holder: "orchard" }, { holder: "orchard", ended: false }, []],
  ["cs_6", ["n", "i", 0, 1], null, []],
];

test("cases of the version before get a reading, and former vendors a view", async () => {
  const fresh = await freshDatabase("timer");
  const database = connect(fresh.options("timer"));
  await database.query({ text: "alter table case_clock drop column sights" });
  await database.query({ text: "alter table case_party drop column as_of" });
  for (const [id, state, reading] of states) {
    await database.query({
      text: `insert into case_clock (last_event_at, partition, line_version, case_id, timeline, carrier, line_carrier, line_name, state)
        values ('2026-03-07T14:00:00Z', 0, 1, $1, 'wall', 'northtel', 'builtin', 'default', $2)`,
      values: [id, JSON.stringify(state)],
    });
    if (reading !== null) await database.query({ text: "insert into case_party values ($1, 'orchard')", values: [id] });
  }
  const file = new URL("../migrations/0008_keep_readings.sql", import.meta.url);
  for (const text of (await readFile(file, "utf8")).split(/;\n(?=\n)/)) await database.query({ text });
  const rows = await database.query<{ id: string; reading: object | null; former: string[] }>({
    text: `select case_id as id, sights->'reading' as reading, (select coalesce(array_agg(party), '{}') from case_party
        where case_party.case_id = case_clock.case_id and as_of is not null) as former
      from case_clock order by case_id`,
  });
  const common = { carrier: "northtel", vendors: ["orchard"], promised: {} };
  expect(rows).toEqual(
    states.map(([id, , reading, former]) => ({ id, former, reading: reading && { ...common, ...reading } })),
  );
  await database.close();
  await fresh.drop();
});
