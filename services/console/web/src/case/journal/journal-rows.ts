import type { Fact } from "./use-journal.ts";

/** The filters of the journal. */
export const journalFilters = ["all", "people", "clocks", "messages"] as const;
export type JournalFilter = (typeof journalFilters)[number];

/** A row of the journal: a fact, or the heartbeats of one live handling that followed each other. */
export type JournalRow = { readonly fact: Fact; readonly beats: number; readonly last: Fact };

const heartbeat = "handling.continued";

/** Returns the rows of a filter until an instant, the oldest first. Heartbeats that follow each other are one row. */
export function journalRows(
  facts: readonly Fact[],
  filter: JournalFilter,
  until: number | undefined,
): readonly JournalRow[] {
  const rows: JournalRow[] = [];
  for (const fact of facts) {
    if (!isIn(filter, fact)) continue;
    if (until !== undefined && Temporal.Instant.from(fact.at).epochMilliseconds > until) continue;
    const row = rows.at(-1);
    if (row !== undefined && row.last.type === heartbeat && fact.type === heartbeat && isSame(row.last, fact)) {
      rows[rows.length - 1] = { ...row, beats: row.beats + 1, last: fact };
    } else rows.push({ fact, beats: 1, last: fact });
  }
  return rows;
}

function isSame(one: Fact, other: Fact): boolean {
  return one.actor?.party === other.actor?.party && one.data["handlingId"] === other.data["handlingId"];
}

function isIn(filter: JournalFilter, { topic, type, actor }: Fact): boolean {
  if (filter === "people") return actor?.person !== undefined && !actor.automated && type !== heartbeat;
  if (filter === "clocks") return topic === "clock";
  if (filter === "messages") return /^(?:message\.|case\.contacted|handoff\.info-)/.test(type);
  return true;
}

/** Returns the words of a fact that a reader wants to see at once: a text, a question, an answer, a reason or an outcome. */
export function wordsOf({ data, type }: Fact): readonly string[] {
  const words = [
    "text",
    "question",
    "answer",
    "outcome",
    "reason",
    "note",
    "evidence",
    "nextStep",
    "rootCause",
  ].flatMap((name) => (typeof data[name] === "string" && !isCode(type, name) ? [data[name]] : []));
  const step = data["step"] as { name?: string; outcome?: string } | undefined;
  const fact = data["fact"] as { name?: string; value?: string } | undefined;
  return [
    ...(step?.name === undefined ? [] : [`${step.name}: ${step.outcome ?? ""}`]),
    ...(fact?.name === undefined ? [] : [`${fact.name} = ${fact.value ?? ""}`]),
    ...words,
  ];
}

/** In these types, the field `reason` is a code that the sentence already has. */
function isCode(type: string, name: string): boolean {
  return name === "reason" && /^(?:handoff\.(?:offered|withdrawn)|case\.closed|pool\.|roster\.)/.test(type);
}
