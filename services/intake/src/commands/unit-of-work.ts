import type { Refusal } from "@crossline/contracts";
import { commandCase, isRefused } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import { type CaseResult, responseTo, toCaseResponse } from "./case-response.ts";
import type { CaseOutcome } from "./change-responses.ts";
import { changeCase } from "./change-case.ts";
import { completeMessage } from "./complete-message.ts";
import { type Changes, createChanges } from "./changes.ts";
import { addOrigin } from "./add-origin.ts";
import { commandsOfMail, rowsOfMail } from "./inbound-mail.ts";
import { type LoadDeps, type Snapshot, loadSnapshot } from "./load.ts";
import { mergeCases } from "./merge-cases.ts";
import { openCase } from "./open-case.ts";
import { type CaseRequest, casesOf, isMerge, isOpening } from "./request.ts";

/** The results of a unit of work, one for each request. The caller must await `saving` before it sends a response. */
export type UnitOfWork = {
  /** A result is "locked" if another transaction has locked a case of the request, so that intake has not decided the request yet. */
  readonly results: readonly (CaseResult | "locked")[];
  readonly saving: Promise<void>;
};

/**
 * Decides requests and saves the results in one transaction. For any number of requests, intake sends only one packet of reads and one
 * packet of writes. The packet of writes also contains the commit. The decision about a request starts from the state that the previous
 * request left.
 */
export async function doUnitOfWork(tx: Tx, requests: readonly CaseRequest[], options: LoadDeps): Promise<UnitOfWork> {
  const snapshot = await loadSnapshot(tx, requests, options);
  const changes = createChanges(snapshot.cases);
  // The routes have checked that the cases exist, and intake never deletes cases of the wall timeline. If the snapshot lacks a
  // case, another transaction has therefore locked the case.
  const isLocked = ({ command }: CaseRequest) =>
    options.locked === "skip" && casesOf(command).some((id) => changes.get(id) === undefined);
  const results = requests.map((request, index) => {
    const claim = snapshot.claims[index];
    if (claim === undefined) throw new Error("a request has no claim");
    if (claim.is === "refused") return claim.refusal;
    if (claim.is === "repeated") return toCaseResponse(claim.response, true);
    return isLocked(request) ? "locked" : decide(changes, request, snapshot);
  });
  const saving = changes.save(tx);
  saving.catch(() => {}); // The caller awaits `saving` and handles its error.
  return { results, saving };
}

function decide(changes: Changes, request: CaseRequest, snapshot: Snapshot): CaseResult {
  const outcome = decideCommand(changes, request, snapshot);
  if (isRefusal(outcome)) return outcome;
  const followed = followUp(changes, request, outcome, snapshot);
  if (request.mail !== undefined) changes.addMail(rowsOfMail(request.mail, followed));
  const response = toCaseResponse(responseTo(request, followed), false);
  changes.respond(request.idempotency, response);
  return response;
}

function decideCommand(changes: Changes, request: CaseRequest, snapshot: Snapshot): CaseOutcome | Refusal {
  if (isOpening(request)) return openCase(changes, request, snapshot);
  return isMerge(request) ? mergeCases(changes, request, snapshot) : changeCase(changes, request, snapshot);
}

/** Executes the follow-ups of a request and the commands of its mail, in order, on the case that the command has changed. */
function followUp(changes: Changes, request: CaseRequest, outcome: CaseOutcome, snapshot: Snapshot): CaseOutcome {
  const { followUps = [], actor, mail } = request;
  let after = outcome;
  const ofMail = mail === undefined ? [] : commandsOfMail(mail, outcome.state, isOpening(request));
  for (const command of [...followUps, ...ofMail]) {
    const complete =
      command.type === "write-message" ? completeMessage(command, after.state, request, snapshot) : command;
    const next = commandCase(after.state, complete, actor, after.at);
    if (isRefused(next) || next.messages.length === 0) continue;
    const { state, messages } = next;
    const { observe = false } = changes.get(state.id) ?? {};
    changes.change({ state, observe }, addOrigin(messages, request));
    after = { ...after, state, messages: [...after.messages, ...messages] };
  }
  return after;
}
