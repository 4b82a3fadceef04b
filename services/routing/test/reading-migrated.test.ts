import { readFile } from "node:fs/promises";
import { connect } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";
import { expect, test } from "vitest";

const by = { vendor: "orchard" };
/** States as the version before wrote them, with the phase of the one hand-off. */
const cases: readonly (readonly [
  id: string,
  phase: string,
  state: object,
  reading: object,
  former: readonly string[],
])[] = [
  ["cs_1", "offered", { status: "inProgress", open: by }, { asked: "orchard", ended: false }, []],
  ["cs_2", "lapsed", { status: "inProgress" }, { ended: false }, ["orchard"]],
  ["cs_3", "resolved", { status: "resolved", resolved: by }, { cured: "orchard", ended: false }, []],
  ["cs_4", "reopened", { status: "reopened" }, { cured: "orchard", ended: false }, []],
  ["cs_5", "transferred", { status: "inProgress", holder: "orchard" }, { holder: "orchard", ended: false }, []],
  [
    "cs_6",
    "returned",
    { status: "inProgress", joint: { parties: ["northtel", "orchard"] } },
    { joint: ["northtel", "orchard"], ended: false },
    [],
  ],
  [
    "cs_70",
    "offered",
    { status: "inProgress", waits: { for: "handoff", handoff: by } },
    { asked: "orchard", ended: false },
    [],
  ],
  [
    "cs_71",
    "resolved",
    { status: "resolved", waits: { for: "confirmation", handoff: by } },
    { cured: "orchard", ended: false },
    [],
  ],
  ["cs_72", "resolved", { status: "closed", resolved: by }, { ended: true }, ["orchard"]],
];

test("cases of the version before get a reading, and former vendors a view", async () => {
  const fresh = await freshDatabase("routing");
  const database = connect(fresh.options("routing"));
  await database.query({ text: "drop table case_view" });
  for (const [id, phase, state] of cases) {
    const whole = { carrier: "northtel", holder: "northtel", ...state };
    await database.query({
      text: "insert into case_crossing (case_id, timeline, carrier, state) values ($1, 'wall', 'northtel', $2)",
      values: [id, JSON.stringify(whole)],
    });
    await database.query({
      text: `insert into handoff (handoff_id, case_id, timeline, vendor, queue, mode, step, attempt, reason, phase, offered_at, ended_at)
        values ('ho_' || $1, $1, 'wall', 'orchard', 'orchard.desk', 'ticket', 0, 0, 'clock', $2, clock_timestamp(),
          case when $2 <> 'offered' then clock_timestamp() end)`,
      values: [id, phase],
    });
  }
  const file = new URL("../migrations/0010_keep_views.sql", import.meta.url);
  for (const text of (await readFile(file, "utf8")).split(/;\n(?=\n)/)) await database.query({ text });
  const rows = await database.query({
    text: `select case_id as id, state->'reading' as reading,
        (select coalesce(array_agg(vendor), '{}') from case_view where case_view.case_id = case_crossing.case_id) as former
      from case_crossing order by case_id`,
  });
  const common = { carrier: "northtel", holder: "northtel", vendors: ["orchard"], promised: {} };
  expect(rows).toEqual(cases.map(([id, , , reading, former]) => ({ id, former, reading: { ...common, ...reading } })));
  await database.close();
  await fresh.drop();
});
