import type { IncidentSummary, PresentedIncident } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { findCase } from "../case/find-case.ts";
import type { Client } from "../client.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";
import { type CommandOptions, personOf } from "./case-command.ts";

export type IncidentListOptions = ApiOptions & {
  readonly state?: string;
  readonly limit: number;
  readonly timeline: string;
};

export type IncidentCommandOptions = CommandOptions & { readonly reason: string };

/** Runs `incident list`. */
export async function listIncidents(options: IncidentListOptions): Promise<number> {
  const { state, limit, timeline } = options;
  const client = await connectCompany(options);
  const incidents = await readItems<IncidentSummary>(client, "/v1/incidents", { state, timeline }, { max: limit });
  if (options.json === true) printJson(incidents);
  else printRows(incidents.map(toRow), "No incident matches.");
  return 0;
}

function toRow({ id, state, cases, holder, leadCaseId, scope, openedAt, ended }: IncidentSummary) {
  return {
    incident: id,
    state: ended?.cause ?? state,
    cases,
    holder,
    lead: leadCaseId,
    symptom: scope?.symptom,
    opened: openedAt,
  };
}

/** Runs `incident show INCIDENT`. */
export async function showIncident(id: string, options: ApiOptions): Promise<number> {
  const client = await connectCompany(options);
  const incident = await client.get<PresentedIncident>(pathOf(id));
  if (options.json === true) printJson(incident);
  else printIncident(incident);
  return 0;
}

/** Runs `incident join` or `incident leave`. */
export async function changeMember(
  id: string,
  command: "join" | "leave",
  caseId: string,
  options: IncidentCommandOptions,
): Promise<number> {
  const client = await connectCompany(options);
  const found = await findCase(client, caseId);
  return send(client, `${pathOf(id)}/${command}`, { caseId: found.id }, options);
}

/** Runs `incident end INCIDENT`. */
export async function endIncident(id: string, options: IncidentCommandOptions): Promise<number> {
  return send(await connectCompany(options), `${pathOf(id)}/end`, {}, options);
}

function pathOf(id: string): string {
  return `/v1/incidents/${encodeURIComponent(id)}`;
}

async function send(client: Client, path: string, body: object, options: IncidentCommandOptions): Promise<number> {
  const person = personOf(options);
  const { reason, json } = options;
  const request = { ...body, reason, ...(person !== undefined && { person }) };
  const incident = await client.post<PresentedIncident>(path, request);
  if (json === true) printJson(incident);
  else {
    const { id, state, cases } = incident;
    print(`${id}: the incident is ${state} and has ${cases} ${cases === 1 ? "case" : "cases"}.`);
  }
  return 0;
}

function printIncident(incident: PresentedIncident): void {
  const { id, state, reason, openedAt, ended, leadCaseId, holder, members, former, messages } = incident;
  print(`${id}: ${state} since ${ended?.at ?? openedAt}${ended === undefined ? "" : ` (${ended.cause})`}`);
  print(`  reason    ${reason}`);
  print(`  lead      ${leadCaseId}, held by ${holder}`);
  for (const { caseId, joinedAt } of members) print(`  member    ${caseId} since ${joinedAt}`);
  for (const { caseId, at, cause, reason: why } of former)
    print(`  left      ${caseId} at ${at}: ${cause}${why === undefined ? "" : ` (${why})`}`);
  for (const { at, state: its, text } of messages) print(`  message   ${at} ${its}: ${text.replaceAll(/\s+/g, " ")}`);
}
