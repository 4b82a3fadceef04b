import type { Brief } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { print, printJson } from "../print.ts";
import { readClaim, removeClaim, saveClaim } from "../queue/claims.ts";
import { findHandoff } from "../queue/find-handoff.ts";
import { printBrief } from "../queue/print-brief.ts";
import { personOf } from "./case-command.ts";

export type AcceptOptions = ApiOptions & {
  readonly engineer: string;
  readonly contact: string;
  readonly number: string;
  readonly next: string;
  readonly eta: string;
  readonly problem: string;
  readonly tried: string;
  readonly needBy?: string;
};
export type ReturnOptions = ApiOptions & {
  readonly code: string;
  readonly test: string;
  readonly result: string;
  readonly unless: string;
  readonly note?: string;
};
export type SolveOptions = ApiOptions & { readonly fix: string; readonly rootCause?: string; readonly note?: string };

type ClaimResponse = { readonly token: number; readonly leaseUntil: string; readonly brief: Brief };

/** Runs `queue claim HANDOFF`. The verb saves the token, and prints the brief. */
export async function claimHandoff(id: string, options: ApiOptions & { readonly person?: string }): Promise<number> {
  const client = await connectCompany(options, "desk");
  const { queue } = await findHandoff(client, id);
  const person = personOf(options);
  const body = person === undefined ? {} : { person };
  const claimed = await client.post<ClaimResponse>(`/v1/queues/${queue}/handoffs/${id}/claim`, body);
  const { token, leaseUntil, brief } = claimed;
  saveClaim(id, { queue, token, person, version: brief.case.version });
  if (options.json === true) printJson(claimed);
  else {
    printBrief(id, { phase: "claimed", leaseUntil }, brief);
    print(`\nThe claim is yours until ${leaseUntil}. \`crossline queue accept ${id}\` makes your company the holder.`);
  }
  return 0;
}

/** Runs `queue accept HANDOFF`. The acceptance names the version of the brief that `claim` or `show` has printed last. */
export function acceptHandoff(id: string, options: AcceptOptions): Promise<number> {
  const { engineer: name, contact, number: vendorCaseId, next: nextStep, eta, problem, tried, needBy } = options;
  const body = {
    engineer: { name, contact },
    vendorCaseId,
    nextStep,
    eta,
    readBack: { problem, tried, ...(needBy !== undefined && { needBy }) },
  };
  return commandHandoff(id, { type: "accept", body, keepsClaim: true }, options);
}

/** Runs `queue release HANDOFF`. */
export function releaseHandoff(id: string, options: ApiOptions): Promise<number> {
  return commandHandoff(id, { type: "release", body: {} }, options);
}

/** Runs `queue return HANDOFF`. */
export function returnHandoff(id: string, options: ReturnOptions): Promise<number> {
  const { code, test, result, unless: wouldChangeOurMind, note } = options;
  const body = { code, evidence: { test, result, wouldChangeOurMind }, ...(note !== undefined && { note }) };
  return commandHandoff(id, { type: "return", body }, options);
}

/** Runs `queue solve HANDOFF`. */
export function solveHandoff(id: string, options: SolveOptions): Promise<number> {
  const { fix: fixCode, rootCause, note } = options;
  const body = { fixCode, ...(rootCause !== undefined && { rootCause }), ...(note !== undefined && { note }) };
  return commandHandoff(id, { type: "resolve", body }, options);
}

type DeskCommand = {
  readonly type: "accept" | "release" | "return" | "resolve";
  readonly body: object;
  /** True if later commands need the token, too. */
  readonly keepsClaim?: boolean;
};

async function commandHandoff(
  id: string,
  { type, body, keepsClaim = false }: DeskCommand,
  options: ApiOptions,
): Promise<number> {
  const { queue, token, version, person } = readClaim(id);
  const client = await connectCompany(options, "desk");
  const response = await client.post<{ phase: string; at: string }>(`/v1/queues/${queue}/handoffs/${id}/${type}`, {
    ...body,
    token,
    ...(type === "accept" && { dossierVersion: version }),
    ...(person !== undefined && { person }),
  });
  if (!keepsClaim) removeClaim(id);
  if (options.json === true) printJson(response);
  else print(`${id}: ${response.phase} at ${response.at}.`);
  return 0;
}
