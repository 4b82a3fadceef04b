import type { Instant, LinkedChange, Refusal } from "@crossline/contracts";
import {
  type ChosenLine,
  type Line,
  type LedgerEntry,
  type MailDomain,
  type MailThread,
  stepKey,
} from "@crossline/domain";
import { type KeyClaim, claimKeys } from "@crossline/idempotency";
import { type Tx, now } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { type CaseRow, findTakenIds, lockCases, tryLockCases } from "../store/cases.ts";
import { findRepeated } from "../store/dossier.ts";
import { findLastAttempts } from "../store/ledger.ts";
import { type Lines, matchLines } from "../store/lines.ts";
import { findThreads } from "../store/mails.ts";
import { type CaseHistory, findHistories } from "../store/merging.ts";
import { digestOf } from "./digest.ts";
import {
  type PossibleCauses,
  findCausesOfCorrections,
  findCausesOfOpenings,
  findRequestedLinks,
} from "./possible-causes.ts";
import { type CaseRequest, casesOf, isMerge, isOpening } from "./request.ts";
import { type LineRows, lineOfOpening, lineRowOf, versionsOf, wantedLines } from "./requested-lines.ts";
import { type SimilarCases, findSimilar } from "./similar-cases.ts";

/** The state that a unit of work loads before it decides its requests. */
export type Snapshot = {
  /** The idempotency claim of each request, in the order of the requests. */
  readonly claims: readonly KeyClaim[];
  readonly cases: readonly CaseRow[];
  readonly now: Instant;
  readonly lines: Lines;
  readonly lineRows: LineRows;
  /** Maps each opening to the chosen line, or to the refusal if no line can be chosen. */
  readonly chosen: ReadonlyMap<CaseRequest, ChosenLine | Refusal>;
  /** Maps the key of a carrier's case id (`carrierCaseKey`) to the id of the case. The unit of work adds the cases that it opens. */
  readonly takenIds: Map<string, string>;
  /**
   * `digests` maps a request to the digest of its entry, if the entry can be a repetition. `repeated` contains each request whose entry
   * repeats a stored entry.
   */
  readonly digests: ReadonlyMap<CaseRequest, Buffer>;
  readonly repeated: ReadonlySet<CaseRequest>;
  /** Maps each request that reports a tried step to the last earlier attempt at that step. */
  readonly attempts: ReadonlyMap<CaseRequest, LedgerEntry>;
  /** Maps the id of each case that a merge will close to the contacts and entries of that case. */
  readonly histories: ReadonlyMap<string, CaseHistory>;
  readonly similar: SimilarCases;
  /** Maps each opening and each correction to the changes that can be the cause of its case, if there are any. */
  readonly causes: PossibleCauses;
  /** Maps each request that links a case to a change to the link, if the company reads the change. */
  readonly links: ReadonlyMap<CaseRequest, LinkedChange>;
  /** Maps the id of each case to which a request writes a mail to the thread of the customer's last mail. */
  readonly threads: ReadonlyMap<string, MailThread>;
  readonly mailDomain: MailDomain | undefined;
};

export type LoadDeps = {
  readonly lines: Lines;
  /** The domain of the mailboxes, if this installation receives mail. */
  readonly mailDomain?: MailDomain | undefined;
  /** If another transaction has locked a case, `wait` waits for the lock and `skip` omits the case. */
  readonly locked: "wait" | "skip";
  /** The instant and the idempotency claims, if the caller has already read them. On a stepped timeline, the instant is the mark. */
  readonly preloaded?: Pick<Snapshot, "now" | "claims">;
};

/** Returns the key under which a snapshot stores a carrier's own case id on a timeline. */
export function carrierCaseKey(timeline: string, carrier: string, carrierCaseId: string): string {
  return `${timeline}\n${carrier}\n${carrierCaseId}`;
}

/**
 * Loads the snapshot with one packet of queries. Intake sends the statements that take locks first, so that all later queries
 * read the locked state.
 */
export async function loadSnapshot(
  tx: Tx,
  requests: readonly CaseRequest[],
  { lines, locked, preloaded, mailDomain }: LoadDeps,
): Promise<Snapshot> {
  const opens = requests.filter(isOpening);
  const merges = requests.filter(isMerge);
  const entries = requests.flatMap(entryOf);
  const steps = requests.flatMap(stepOf);
  const wanted = wantedLines(requests);
  const lock = locked === "wait" ? lockCases : tryLockCases;
  const [claims, cases, at, matches, takenIds, repeatedIndexes, lastAttempts, histories, threads, causes, links] =
    await Promise.all([
      preloaded?.claims ??
        claimKeys(
          tx,
          requests.map(({ idempotency }) => idempotency),
        ),
      lock(tx, [...new Set(requests.flatMap(({ command }) => casesOf(command)))].toSorted()),
      preloaded?.now ?? now(tx),
      matchLines(tx, [...wanted.values()]),
      findTakenIds(
        tx,
        opens.map(({ actor, command }) => ({ ...command.body, carrier: actor.party })),
      ),
      findRepeated(tx, entries),
      findLastAttempts(tx, steps),
      findHistories(
        tx,
        merges.map(({ command }) => command.caseId),
      ),
      findThreads(tx, requests.flatMap(casesWithMail)),
      findCausesOfOpenings(tx, opens),
      findRequestedLinks(tx, requests),
    ]);
  const lineRows: LineRows = new Map([...wanted.keys()].map((key, index) => [key, matches[index]]));
  await lines.load(tx, versionsOf(wanted, lineRows, requests, cases));
  const chosen = new Map(opens.map((request) => [request, lineOfOpening(request, lineRows, lines)]));
  const openings = opens.map((request) => {
    const { hasKnownErrors = false } = lineRowOf(request, lineRows) ?? {};
    return { request, line: storedLine(chosen.get(request), lines), at, hasKnownErrors };
  });
  return {
    claims,
    cases,
    now: at,
    lines,
    lineRows,
    chosen,
    takenIds: new Map(
      takenIds.map(({ id, ...name }) => [carrierCaseKey(name.timeline, name.carrier, name.carrierCaseId), id]),
    ),
    digests: new Map(entries.map(({ request, digest }) => [request, digest])),
    repeated: new Set(entries.filter((_, index) => repeatedIndexes.has(index)).map(({ request }) => request)),
    attempts: new Map([...lastAttempts].map(([index, attempt]) => [steps[index]?.request as CaseRequest, attempt])),
    histories,
    similar: await findSimilar(tx, openings),
    causes: new Map([...causes, ...(await findCausesOfCorrections(tx, requests, cases))]),
    links,
    threads,
    mailDomain,
  };
}

/** Returns the compiled form of the chosen line, or undefined if no line was chosen or the line is not loaded. */
export function storedLine(chosen: ChosenLine | Refusal | undefined, lines: Lines): Line | undefined {
  return chosen === undefined || isRefusal(chosen) ? undefined : lines.find(chosen.ref)?.line;
}

/** Returns the entry of a request with its digest, or an empty list if the request has no entry that can be a repetition. */
function entryOf(request: CaseRequest) {
  if (request.command.type !== "change") return [];
  const { caseId, change } = request.command;
  const digest = change.type === "add-entry" ? digestOf(change) : undefined;
  return digest === undefined ? [] : [{ request, digest, caseId, party: request.actor.party }];
}

/** Returns the tried step of a request, or an empty list if the request has none. */
function stepOf(request: CaseRequest) {
  if (request.command.type !== "change") return [];
  const { caseId, change } = request.command;
  if (change.type !== "add-entry" || change.step === undefined) return [];
  return [{ request, caseId, party: request.actor.party, stepKey: stepKey(change.step) }];
}

/** Returns the case to which a request writes a message by mail, or an empty list. */
function casesWithMail({ command }: CaseRequest): readonly string[] {
  if (command.type !== "change" || command.change.type !== "write-message") return [];
  return command.change.via === "mail" ? [command.caseId] : [];
}
