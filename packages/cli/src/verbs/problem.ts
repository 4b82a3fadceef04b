import type { PresentedProblem, ProblemDetail } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";
import { personOf } from "./case-command.ts";

export type ProblemListOptions = ApiOptions & {
  readonly status?: readonly string[];
  readonly limit: number;
  readonly timeline: string;
};
type CommandOptions = ApiOptions & { readonly person?: string };
export type AssignOptions = CommandOptions & { readonly owner: string; readonly reason: string };
export type KnownErrorOptions = CommandOptions & {
  readonly workaround: string;
  readonly fix?: string;
  readonly reason?: string;
};
export type ResolveOptions = CommandOptions & { readonly reason: string };

/** Runs `problem list`. */
export async function listProblems(options: ProblemListOptions): Promise<number> {
  const { status, limit, timeline } = options;
  const client = await connectCompany(options);
  const items = await readItems<PresentedProblem>(client, "/v1/problems", { status, timeline }, { max: limit });
  if (options.json === true) printJson(items);
  else printRows(items.map(toRow), "No problem matches.");
  return 0;
}

function toRow({ id, status, source, owner, investigateBy, overdue, title }: PresentedProblem) {
  return { problem: id, status, source, owner, "investigate by": overdue ? "overdue" : investigateBy, title };
}

/** Runs `problem show`. */
export async function showProblem(id: string, options: ApiOptions): Promise<number> {
  const client = await connectCompany(options);
  const problem = await client.get<ProblemDetail>(pathOf(id));
  if (options.json === true) printJson(problem);
  else {
    const { counts, knownError, rootCause, history } = problem;
    printRows([toRow(problem)]);
    if (rootCause !== undefined) print(`root cause: ${rootCause}`);
    if (knownError !== undefined) print(`workaround: ${knownError.workaround}`);
    print(
      `${counts.linked} cases; the workaround: ${counts.offered} offered, ${counts.worked} worked, ${counts.failed} failed`,
    );
    print("");
    printRows(
      history.map(({ at, actor, change, to, reason }) => ({ at, by: actor.person, change, status: to, reason })),
    );
  }
  return 0;
}

/** Runs `problem assign`. */
export function assignProblem(id: string, options: AssignOptions): Promise<number> {
  const { owner, reason } = options;
  return commandProblem(id, { path: "owner", body: { owner, reason } }, options);
}

/** Runs `problem known-error`. */
export function recordKnownError(id: string, options: KnownErrorOptions): Promise<number> {
  const { workaround, fix: fixCode, reason } = options;
  const more = { ...(fixCode !== undefined && { fixCode }), ...(reason !== undefined && { reason }) };
  return commandProblem(id, { path: "known-error", body: { workaround, ...more } }, options);
}

/** Runs `problem resolve`. */
export function resolveProblem(id: string, options: ResolveOptions): Promise<number> {
  const { reason } = options;
  return commandProblem(id, { path: "status", body: { status: "resolved", reason } }, options);
}

async function commandProblem(
  id: string,
  { path, body }: { readonly path: string; readonly body: object },
  options: CommandOptions,
): Promise<number> {
  const client = await connectCompany(options);
  const person = personOf(options);
  const sent = { ...body, ...(person !== undefined && { person }) };
  const changed = await client.post<{ status: string }>(`${pathOf(id)}/${path}`, sent);
  if (options.json === true) printJson(changed);
  else print(`${id}: The problem is ${changed.status}.`);
  return 0;
}

function pathOf(id: string): string {
  return `/v1/problems/${encodeURIComponent(id)}`;
}
