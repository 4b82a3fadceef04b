import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ActionsPage, LoggedAction } from "@crossline/contracts";
import { checkLog } from "@crossline/domain";
import type { ApiOptions } from "../arguments.ts";
import { ResponseFault, parseProblem } from "../client.ts";
import { connectCompany, findAddress, readCompanyKey } from "../connection.ts";
import { CommandFault } from "../fault.ts";
import { queryOf } from "../pages.ts";
import { print, printJson, printRows } from "../print.ts";

export type ActionsOptions = ApiOptions & {
  readonly after: number;
  readonly limit: number;
  readonly kind?: string;
  readonly person?: string;
  readonly case?: string;
};

const rowsAtOnce = 100;

/** Runs `actions`. The verb prints the rows of the company's action log after a number. */
export async function showActions(options: ActionsOptions): Promise<number> {
  const { limit, kind, person, case: caseId, json } = options;
  const client = await connectCompany(options);
  const items: LoggedAction[] = [];
  for (let after: number | undefined = options.after; after !== undefined && items.length < limit;) {
    const atOnce = Math.min(rowsAtOnce, limit - items.length);
    const query = queryOf({ after, limit: atOnce, kind, person, case: caseId });
    const page: ActionsPage = await client.get(`/v1/actions${query}`);
    items.push(...page.items);
    after = page.next;
  }
  if (json === true) printJson(items);
  else printRows(items.map(toTableRow), "No row of the action log passes the filters.");
  return 0;
}

function toTableRow({ number, at, actor, operation, address, case: caseId }: LoggedAction) {
  const { party, person, keyId, sessionId } = actor;
  return { no: number, at, who: person ?? sessionId ?? keyId, party, operation, thing: address ?? caseId };
}

/** Runs `actions export FILE`. The verb writes the whole log of the company to a new file. */
export async function exportActions(file: string, options: ApiOptions): Promise<number> {
  const path = "/v1/actions/export";
  const url = new URL(path, await findAddress(options));
  const response = await fetch(url, { headers: { authorization: `Bearer ${readCompanyKey()}` } });
  if (!response.ok || response.body === null)
    throw new ResponseFault(`GET ${path}`, response, parseProblem(await response.text()));
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file, { flags: "wx" }));
  } catch (cause) {
    throw new CommandFault(`Cannot write ${file}: ${(cause as Error).message}.`, { cause });
  }
  return verifyActions(file);
}

/**
 * Runs `actions verify FILE`. The verb returns 0 if no row was changed, removed or moved. Otherwise the verb prints the first line that
 * does not fit and returns 1.
 */
export async function verifyActions(file: string): Promise<number> {
  const log = checkLog();
  try {
    for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity }))
      log.line(line);
  } catch (cause) {
    throw new CommandFault(`Cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  const result = log.end();
  if ("message" in result) {
    print(`${file}:${result.line} ${result.message}`);
    return 1;
  }
  print(`${file}: ${result.rows} rows of ${result.party}, unchanged.`);
  print(`The log ends with ${result.head ?? "nothing"}: compare it with \`head\` of GET /v1/actions.`);
  return 0;
}
