import { type Instant, type LineRef, type Refusal, formatInstant, parseInstant } from "@crossline/contracts";
import {
  type CaseCommand,
  commandCase,
  countsFor,
  isRefused,
  noSuchCase,
  planNeedBy,
  refuseCommand,
  stepKey,
} from "@crossline/domain";
import { type Answer, type Claim, claimKeys } from "@crossline/idempotency";
import { type Tx, now } from "@crossline/postgres";
import { type CaseRow, findTaken, lockCases, tryLockCases } from "../store/cases.ts";
import { findSaid } from "../store/dossier.ts";
import { findTried } from "../store/ledger.ts";
import { type Lines, matchLines } from "../store/lines.ts";
import { findKnown } from "../store/merging.ts";
import { type Batch, createBatch } from "./batch.ts";
import { digestOf } from "./digest.ts";
import { goOn } from "./go-on.ts";
import type { CommandItem, Done, Item, Verdict, Written } from "./item.ts";
import { refuseLine } from "./match-line.ts";
import { merge } from "./merge-cases.ts";
import { knownLine, lineKey, nameOf, open, refsOf, wantedLines } from "./open-case.ts";
import { type Decided, type Read, traced } from "./read.ts";
import { readSurroundings } from "./surroundings.ts";

/** What the caller has settled already: for a stepped timeline, whose now is its mark. */
export type Settled = { readonly at: Instant; readonly claims: readonly Claim[] };

/** What was decided, and its storing: under way, to be waited for before anybody is answered. */
export type Executed<V> = { readonly verdicts: readonly V[]; readonly saving: Promise<void> };

/** Somebody else has the case locked: nothing was decided. */
export const contended = "contended";

/** Decides one item, in one transaction: one packet of reads, one of writes, which the commit joins. */
export async function executeOne(tx: Tx, lines: Lines, item: Item, settled?: Settled): Promise<Executed<Verdict>> {
  const read = await readAll(tx, lines, [item], lockCases, settled);
  return executeOn(tx, [item], read, decide) as Executed<Verdict>; // it waited for the case
}

/**
 * Decides items one after the other, in one transaction and as few packets, however many they are. A case that somebody
 * else has locked is not waited for, since all others would wait with it: what is wanted of it is `contended`.
 */
export async function executeMany(
  tx: Tx,
  lines: Lines,
  items: readonly Item[],
): Promise<Executed<Verdict | typeof contended>> {
  // Their callers have found the cases, and cases are never deleted: what is missing is locked.
  return executeOn(tx, items, await readAll(tx, lines, items, tryLockCases), (batch, item, read) =>
    casesOf(item).some((id) => batch.get(id) === undefined) ? contended : decide(batch, item, read),
  );
}

/** An answer with its text, also where it comes from an older row. */
export function written(answer: Answer): Written {
  return { ...answer, text: answer.text ?? JSON.stringify(answer.body) };
}

function executeOn(
  tx: Tx,
  items: readonly Item[],
  read: Read,
  decideOne: (batch: Batch, item: Item, read: Read) => Decided | typeof contended,
): Executed<Verdict | typeof contended> {
  const batch = createBatch(read.rows);
  const verdicts = items.map((item, index): Verdict | typeof contended => {
    const claim = read.claims[index];
    if (claim === undefined) throw new Error("a claim got no verdict");
    if (claim.is === "refused") return claim.refusal;
    if (claim.is === "answered") return { ...written(claim.answer), replayed: true };
    const decided = decideOne(batch, item, read);
    if (decided === contended || "code" in decided) return decided;
    const answer = written(decided);
    batch.answer(item.request, answer);
    return { ...answer, replayed: false };
  });
  const saving = batch.save(tx);
  saving.catch(() => {}); // the caller waits for it
  return { verdicts, saving };
}

function decide(batch: Batch, item: Item, read: Read): Decided {
  if (item.is === "merge") return merge(batch, item, read);
  return item.is === "open" ? open(batch, item, read) : command(batch, item, read);
}

/** The cases that an item is about, and that are there already. */
function casesOf(item: Item): readonly string[] {
  if (item.is === "open") return [];
  return item.is === "merge" ? [item.caseId, item.into] : [item.caseId];
}

/** One packet. The locks come first: what is read behind them is what they protect. */
async function readAll(
  tx: Tx,
  lines: Lines,
  items: readonly Item[],
  lock: typeof lockCases,
  settled?: Settled,
): Promise<Read> {
  const opens = items.filter((item) => item.is === "open");
  const commands = items.filter((item) => item.is === "command");
  const merges = items.filter((item) => item.is === "merge");
  const entries = commands.flatMap((item) => {
    const digest = item.command.type === "add-entry" ? digestOf(item.command) : undefined;
    return digest === undefined ? [] : [{ item, digest, caseId: item.caseId, party: item.actor.party }];
  });
  const trying = commands.flatMap((item) => {
    const { command: given, caseId, actor } = item;
    if (given.type !== "add-entry" || given.step === undefined) return [];
    return [{ item, caseId, party: actor.party, stepKey: stepKey(given.step) }];
  });
  const wanted = wantedLines(items);
  const names = opens.map(({ actor, body }) => ({ ...body, carrier: actor.party }));
  const [claims, rows, at, matched, taken, said, subjects, known] = await Promise.all([
    settled?.claims ??
      claimKeys(
        tx,
        items.map(({ request }) => request),
      ),
    lock(tx, [...new Set(items.flatMap(casesOf))].toSorted()),
    settled?.at ?? now(tx),
    matchLines(tx, [...wanted.values()]),
    findTaken(tx, names),
    findSaid(tx, entries),
    findTried(tx, trying),
    findKnown(
      tx,
      merges.map(({ caseId }) => caseId),
    ),
  ]);
  const byLine = new Map([...wanted.keys()].map((line, index) => [line, matched[index]]));
  await lines.load(tx, [...refsOf(wanted, byLine), ...plannedBy(commands, rows)]);
  return {
    claims,
    rows,
    now: at,
    lines,
    matched: byLine,
    taken: new Map(taken.map((name) => [nameOf(name.timeline, name.carrier, name.carrierCaseId), name.id])),
    said: new Set(entries.filter((_, index) => said.has(index)).map(({ item }) => item)),
    tried: new Map([...subjects].map(([index, one]) => [trying[index]?.item as Item, one])),
    known,
    surroundings: await readSurroundings(tx, opens, at, (item) => knownLine(item, { lines, matched: byLine })),
  };
}

function command(batch: Batch, item: CommandItem, read: Read): Decided {
  const { actor, caseId, traceparent } = item;
  const row = batch.get(caseId);
  if (row === undefined) return noSuchCase;
  const barred = refuseCommand(row.state, item.command, actor.party);
  if (barred !== undefined) return barred;
  const at = Math.max(read.now, row.state.lastEventAt);
  const judged = judge(item, row, read, batch);
  if ("detail" in judged) return judged;
  const outcome = commandCase(row.state, judged, actor, at);
  if (isRefused(outcome)) return outcome.refused;
  const { state, messages } = outcome;
  if (messages.length > 0) {
    const digest = item.command.type === "add-entry" ? digestOf(item.command) : undefined;
    batch.change({ state, observe: observeOf(judged, row) }, traced(messages, traceparent), digest);
  }
  return item.answer(
    goOn(batch, { state, observe: observeOf(judged, row) }, item, { state, messages, at, party: actor.party }),
  );
}

type Judged = CaseCommand & { readonly observe?: boolean };

function judge(item: CommandItem, { observe, state }: CaseRow, read: Read, batch: Batch): Judged | Refusal {
  const { command: given } = item;
  if (given.type === "cross") return { ...given, observing: observe };
  if (given.type === "add-entry") {
    const isSaid = read.said.has(item) || repeats(batch, item);
    const key = given.step === undefined ? undefined : stepKey(given.step);
    const tried = read.tried.get(item) ?? (key && batch.dossier.tries(item.caseId, key, item.actor.party));
    return { ...given, news: !isSaid, ...(tried && { tried }) };
  }
  if (given.type === "move") return judgeMove(given, state.carrier, read);
  if (given.type === "correct" && given.needBy != null) {
    const plan = read.lines.find(state.line)?.line.needBy;
    const at = Math.max(read.now, state.lastEventAt);
    return { ...given, ...(plan && { feasibility: planNeedBy(plan, parseInstant(given.needBy), at) }) };
  }
  return given;
}

/** The lines of the cases whose deadline is corrected: they plan the new one. */
function plannedBy(items: readonly CommandItem[], rows: readonly CaseRow[]): LineRef[] {
  const corrected = new Set(
    items.flatMap(({ command: given, caseId }) => (given.type === "correct" && given.needBy != null ? [caseId] : [])),
  );
  return rows.flatMap(({ state }) => (corrected.has(state.id) ? [state.line] : []));
}

function judgeMove(
  { line: name, version, reason }: Extract<CommandItem["command"], { type: "move" }>,
  carrier: string,
  { matched, lines }: Read,
): Judged | Refusal {
  const found = matched.get(lineKey(carrier, name, version));
  const ref = found?.version == null ? undefined : { carrier, name, version: found.version };
  const known = ref === undefined ? undefined : lines.find(ref);
  if (known === undefined) return refuseLine(`${carrier} has published no such version of ${name}.`);
  return { type: "move", to: known.line, reason, observe: known.line.observe };
}

/** A case that is moved to a line that only measures is measured, and the other way round. */
function observeOf({ observe }: Judged, row: CaseRow): boolean {
  return observe ?? row.observe;
}

/** The same was said a moment ago, in this very transaction. */
function repeats(batch: Batch, { command: given, caseId, actor }: CommandItem): boolean {
  const digest = given.type === "add-entry" ? digestOf(given) : undefined;
  return digest !== undefined && batch.dossier.says(caseId, digest, actor.party);
}

/** The common part of what a command answers to its company. */
export function standing({ state, at, party }: Pick<Done, "state" | "at" | "party">) {
  return { caseId: state.id, version: countsFor(state, party).version, status: state.status, at: formatInstant(at) };
}
