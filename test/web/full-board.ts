import { connect } from "@crossline/postgres";
import type { Page } from "playwright-core";
import type { Stage } from "../scenarios/stage.ts";

const rowsAdded = 10_000;
const titles = [
  "Handheld is dead",
  "No signal after update",
  "The battery lasts two hours",
  "The handheld restarts each night at three, and loses all the messages of the day",
  "The camera shows a black picture",
  "הטלפון לא נדלק אחרי העדכון",
  "The screen stays dark",
];
/** The rows in the middle. Each has a text that is long, or that runs from right to left. */
const middle = rowsAdded / 2;
const longTitle = "A title of exactly eighty characters, for which a narrow window needs three rows";
const longPerson = "engineer-of-the-desk-for-handhelds-with-a-name-of-64-characters-";
const rightToLeft = "המסך של המכשיר נשאר שחור אחרי העדכון האחרון";

/**
 * Adds 10,000 hand-offs to the board of a vendor on a timeline. Over REST, 1,000 cases with their crossings took 135 s on two cores. The function
 * therefore copies the vendor's own rows in the tables of the console. Each copy is due a second after the one before it, so the order is
 * the same in each run.
 */
export async function fillBoard(stage: Stage, vendor: string, timeline: string): Promise<void> {
  const database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "full-board" });
  try {
    await database.transaction(async (tx) => {
      await tx.query({ text: copyRows, values: [vendor, rowsAdded, middle, longPerson, timeline] });
      await tx.query({ text: copyCases, values: [rowsAdded] });
      await tx.query({ text: copyTitles, values: [rowsAdded, titles, middle, longTitle, rightToLeft] });
      await tx.query({
        text: `-- test.move-head
          update company_head set position = position + $2 where party = $1`,
        values: [vendor, rowsAdded],
      });
    });
  } finally {
    await database.close();
  }
}

/** Scrolls the board to the rows in the middle. Rows that the browser has not shown yet have no true height, so it scrolls twice. */
export async function scrollToMiddle(page: Page): Promise<void> {
  await page.getByText(/^10,0\d\d cases$/).waitFor();
  await page.evaluate(
    "{ const list = document.querySelector('[role=grid]'); list.scrollTop = list.scrollHeight / 2; }",
  );
  await page.getByRole("row", { name: longTitle }).waitFor();
  for (let round = 0; round < 2; round++) {
    await page.evaluate(`document.querySelector("[data-id$='0${middle}']").scrollIntoView({ block: "center" })`);
    await page.waitForTimeout(300);
  }
}

const copyRows = `
  -- test.copy-rows
  with own as (
    select *, row_number() over (order by case_id) - 1 as place, count(*) over () as count
    from board_row where party = $1 and timeline = $5 and is_open and not is_gone
  ), copies as (
    select own.*, number, 'cs_' || lpad(number::text, 26, '0') as id,
      min(own.due_at) over () + number * interval '1 second' as due, own.content ->> 'phase' as phase
    from generate_series(1, $2::integer) as number join own on place = number % count
  )
  insert into board_row
    (party, case_id, timeline, position, opened_at, due_at, own_due_at, is_open, is_gone, content)
  select party, id, timeline, position + number, opened_at, due, due, true, false,
    content || jsonb_build_object(
      'id', id,
      'number', 'NT-' || 10000 + number,
      'severity', (array['critical', 'major', 'minor'])[1 + number * 7 % 3],
      'due', (content -> 'due') || jsonb_build_object('at', to_char(due at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    ) || case when number - $3 between 0 and 2 and content ? 'person' then jsonb_build_object('person', $4::text) else '{}' end
  from copies`;

const copyCases = `
  -- test.copy-cases
  insert into board_case (titled_by, case_id, timeline, state)
  select 1, 'cs_' || lpad(number::text, 26, '0'), template.timeline, template.state
  from generate_series(1, $1::integer) as number,
    (select timeline, state from board_case order by case_id limit 1) as template`;

const copyTitles = `
  -- test.copy-titles
  insert into fact_words (sequence, case_id, topic, words)
  select 1, 'cs_' || lpad(number::text, 26, '0'), 'case', jsonb_build_object('title',
    case number - $3::integer when 0 then $4::text when 1 then $5::text
      else ($2::text[])[1 + number * 5 % array_length($2::text[], 1)] end)
  from generate_series(1, $1::integer) as number`;
