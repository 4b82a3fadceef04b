import type { CaseHandoffs, PresentedCase, PresentedEntry } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { findCase } from "../case/find-case.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { print, printJson, printRows, printTable } from "../print.ts";
import { formatDistance, formatSpan } from "../span.ts";

/** The fields of a clock that the verb shows. */
type ShownClock = {
  readonly clock: string;
  readonly state: string;
  readonly charged: string;
  readonly remainingMs: number;
  readonly thresholds: readonly { readonly percent: number; readonly dueAt?: string; readonly firedAt?: string }[];
};

/** Runs `case show ID`. The verb prints the case for a person on the phone, or one JSON document with all parts. */
export async function showCase(id: string, options: ApiOptions & { readonly entries: number }): Promise<number> {
  const client = await connectCompany(options);
  const found = await findCase(client, id);
  const { links } = found;
  const [{ clocks }, handoffs, all] = await Promise.all([
    client.get<{ clocks: readonly ShownClock[] }>(links.clocks),
    client.get<CaseHandoffs>(links.handoffs),
    readItems<PresentedEntry>(client, links.entries),
  ]);
  const entries = all.slice(-options.entries);
  if (options.json === true) printJson({ case: found, clocks, handoffs, entries });
  else {
    printState(found, handoffs);
    printClocks(clocks);
    printHandoffs(handoffs);
    printPromises(found);
    printEntries(entries, all.length);
  }
  return 0;
}

function printState(found: PresentedCase, { lastResort }: CaseHandoffs): void {
  const { holder, accountable, status, severity, line, device, needBy, feasibility, nextDue, at, openedAt } = found;
  const rows: Readonly<Record<string, string | undefined>> = {
    state: `${status}, ${severity}, opened ${formatDistance(at, openedAt)}`,
    "held by": accountable === holder ? holder : `${holder}; ${accountable} answers to the customer`,
    "held so far": Object.entries(found.timesByHolder)
      .map(([party, ms]) => `${party} ${formatSpan(ms)}`)
      .join(", "),
    "next due":
      nextDue && `${nextDue.clock} of ${nextDue.charged}, ${nextDue.dueAt}, ${formatDistance(at, nextDue.dueAt)}`,
    "waits for": found.waiting && [found.waiting.on, found.waiting.note].filter(Boolean).join(": "),
    "last resort": lastResort && `called ${lastResort.calls} times; no person has taken the case`,
    "need-by": needBy && `${needBy}, ${formatDistance(at, needBy)}${feasibility ? `, ${feasibility.verdict}` : ""}`,
    missing: found.missing.map(({ item, from }) => `${item} from ${from}`).join(", ") || undefined,
    joint: found.joint && `joint since ${found.joint.since}, companies: ${found.joint.parties.join(", ")}`,
    device: device && [device.vendor, device.model, device.os].filter(Boolean).join(" "),
    symptom: found.symptom,
    fix: found.fixCode,
    line: `${line.name}@${line.version}`,
    gap: found.gap && "Crossline may have lost records of this case, so the state can be out of date",
  };
  print(`${found.carrierCaseId} · ${found.title} (${found.id})`);
  printTable(Object.entries(rows).flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }])));
}

/** Prints the clocks. A clock that counts only while a rep is live has time left, but no deadline without a later heartbeat. */
function printClocks(clocks: readonly ShownClock[]): void {
  printRows(
    clocks.map(({ clock, state, charged, remainingMs, thresholds }) => {
      const breach = thresholds.find(({ percent }) => percent === 100);
      const left = breach?.firedAt === undefined ? formatSpan(remainingMs) : "–";
      return { clock, state, charged, left, due: breach?.dueAt, breached: breach?.firedAt };
    }),
  );
}

function printHandoffs({ handoffs }: CaseHandoffs): void {
  printRows(
    handoffs.map(({ handoffId, queue, phase, offeredAt, cause, reason, acceptance, ending }) => ({
      "hand-off": handoffId,
      queue,
      phase,
      offered: offeredAt,
      cause: cause?.clock ?? cause?.trigger ?? reason,
      "vendor's case": acceptance?.vendorCaseId,
      end: ending?.fixCode ?? ending?.code,
    })),
  );
}

function printPromises({ promises, at }: PresentedCase): void {
  printRows(
    promises.map(({ id, promisor, text, until, state }) => ({
      promise: id,
      by: promisor,
      state,
      until: `${until}, ${formatDistance(at, until)}`,
      text,
    })),
  );
}

function printEntries(entries: readonly PresentedEntry[], total: number): void {
  printRows(
    entries.map((entry) => ({
      entry: entry.at,
      by: entry.by === "customer" ? "customer" : [entry.author.party, entry.author.person].filter(Boolean).join("/"),
      kind: entry.kind,
      text: textOf(entry),
    })),
  );
  if (total > entries.length) print(`  … and ${total - entries.length} earlier entries`);
}

function textOf({ text, step, fact, attachment }: PresentedEntry): string {
  const what = step && `${step.name}: ${step.outcome}`;
  return [what, fact && `${fact.name} = ${fact.value}`, attachment?.name, text].filter(Boolean).join("; ");
}
