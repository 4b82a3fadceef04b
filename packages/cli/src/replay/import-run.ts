import { importName } from "@crossline/contracts";
import { ResponseFault, type Client, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";
import type { Platform } from "../platform.ts";
import { retryWhileRefused } from "../stories/prepare.ts";
import { takeLease } from "./lease.ts";
import { type ObservedLine, renameForImport } from "./observed-line.ts";
import { removeAllImports, removeImport, removeKey, replayParty } from "./remove.ts";

type Place = Pick<Platform, "url" | "settings" | "isDisposable">;

/** The key, the import timeline and the line of one run. */
export type ImportRun = {
  readonly client: Client;
  readonly key: string;
  readonly timeline: string;
  readonly line: string;
};

/**
 * Creates the key, timeline and line of a run, and removes them when the work has ended, failed or was interrupted.
 * First removes the data that killed runs have left. If the run has its own database, removes nothing.
 */
export async function withImportRun<Result>(
  place: Place,
  line: ObservedLine,
  work: (desk: ImportRun) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const isKept = place.isDisposable !== true;
  await using ends = new AsyncDisposableStack();
  const { release } = await takeLease(place.settings.databaseUrls.intake, async () => {
    if (isKept) await removeAllImports(place);
  });
  ends.defer(release);
  const operator = createClient(place.url, place.settings.operatorKey);
  const { key, keyId } = await makeKey(operator);
  if (isKept) ends.defer(() => removeKey(operator, keyId));
  const client = createClient(place.url, key);
  const { id: timeline } = await client.post<{ id: string }>("/v1/timelines", { kind: "import" });
  if (isKept) ends.defer(() => removeImport(place, timeline));
  await publishLine(client, line, timeline);
  return await unlessAborted(work({ client, key, timeline, line: importName(timeline) }), signal);
}

async function makeKey(operator: Client): Promise<{ readonly key: string; readonly keyId: string }> {
  try {
    await operator.post("/v1/parties", { party: replayParty, kind: "carrier", name: "A recorded service desk" });
  } catch (error) {
    if (!(error instanceof ResponseFault && error.code === "already_exists")) throw error;
  }
  return operator.post(`/v1/parties/${replayParty}/keys`);
}

async function publishLine(client: Client, line: ObservedLine, timeline: string): Promise<void> {
  const { document, calendars } = renameForImport(line, timeline);
  try {
    // Routing may not have applied the new key yet.
    for (const calendar of calendars) await retryWhileRefused(() => client.post("/v1/calendars", calendar));
    await retryWhileRefused(() => client.post("/v1/lines", document));
  } catch (error) {
    if (!(error instanceof ResponseFault)) throw error;
    throw new CommandFault(`${line.title} cannot be published: ${error.message}`, { cause: error });
  }
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  work.catch(() => {}); // Without this handler, Node would end the process if the work failed after an abort.
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(new CommandFault("The replay was interrupted."));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener("abort", onAbort));
}
