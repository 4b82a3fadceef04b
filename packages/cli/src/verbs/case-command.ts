import type { ApiOptions } from "../arguments.ts";
import { findCase } from "../case/find-case.ts";
import { connectCompany } from "../connection.ts";
import { setting } from "../env-file.ts";
import { print, printJson } from "../print.ts";

export type CommandOptions = ApiOptions & { readonly person?: string };

/** A command on a case: the path of its route, its body, and the sentence that is printed afterwards. */
export type CaseCommand = {
  readonly path: string;
  /** The body, which can depend on the version of the case that the verb has read. */
  readonly body: object | ((version: number) => object);
  readonly done: string;
};

type CommandResponse = { readonly caseId: string; readonly status?: string; readonly version?: number };

/** Sends a command to a case, and prints the state of the case afterwards. With `json`, prints the response. */
export async function commandCase(
  id: string,
  { path, body, done }: CaseCommand,
  options: CommandOptions,
): Promise<number> {
  const client = await connectCompany(options);
  const found = await findCase(client, id);
  const person = personOf(options);
  const response = await client.post<CommandResponse & { readonly id?: string }>(`/v1/cases/${found.id}/${path}`, {
    ...(typeof body === "function" ? body(found.version) : body),
    ...(person !== undefined && { person }),
  });
  if (options.json === true) printJson(response);
  else {
    const { status, version, id: made } = response;
    const state = status === undefined ? "" : ` The case is ${status}, version ${version}.`;
    print(`${found.carrierCaseId}: ${done}${made === undefined ? "" : ` (${made})`}.${state}`);
  }
  return 0;
}

/** Returns the acting person: the option, or else the setting CROSSLINE_PERSON. */
export function personOf({ person }: { readonly person?: string }): string | undefined {
  return person ?? setting("CROSSLINE_PERSON");
}
