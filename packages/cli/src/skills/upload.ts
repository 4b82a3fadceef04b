import { setTimeout as delay } from "node:timers/promises";
import {
  type SkillCounts,
  type SkillDifference,
  type SkillUpload,
  type SkilledPeople,
  sha256,
} from "@crossline/contracts";
import { type Client, ResponseFault, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";

const peoplePerPart = 500;
/** A part stays below the service's limit of 1 MiB. */
const bytesPerPart = 800_000;
const attemptsMax = 200;
const retryMs = 200;

/** The address and the API key of a company, and how long a failed request is repeated. */
export type Connection = {
  readonly url: string;
  readonly key: string;
  readonly giveUpMs?: number | undefined;
};

export type UploadContent = {
  readonly mode: "replace" | "add";
  readonly changedBy: string | undefined;
  readonly people: SkilledPeople;
};

/**
 * Sends people to an upload, and returns the upload. The idempotency key follows from the content. After an interruption, the same command finds its upload, and continues after the last stored part. `onSent` receives the number of people sent so far.
 */
export async function sendUpload(
  connection: Connection,
  content: UploadContent,
  onSent: (people: number) => void,
): Promise<SkillUpload> {
  const { mode, changedBy, people } = content;
  let upload = await openUpload(connection, content);
  // The parts are sent in the order of the file, so the upload has the first people of the file.
  let sent = upload.people;
  onSent(sent);
  for (const part of partsOf(people.slice(sent))) {
    upload = await repeat(connection, ({ put }) => put(`/v1/skill-uploads/${upload.id}/people`, { people: part }));
    sent += part.length;
    onSent(sent);
  }
  if (upload.people !== people.length)
    throw new CommandFault(
      `The upload ${upload.id} (${mode}, ${changedBy ?? "no person"}) does not have the people of this file.`,
    );
  return upload;
}

/** Reads the difference of an upload: the counts, and the first people who differ. */
export function readUploadDifference(connection: Connection, id: string): Promise<SkillDifference> {
  return repeat(connection, ({ get }) => get(`/v1/skill-uploads/${id}/difference?limit=20`));
}

/**
 * Applies an upload, and returns the numbers of people. If the response was lost, the repeated request gets the first result.
 */
export async function applyUpload(connection: Connection, { id, people }: SkillUpload): Promise<SkillCounts> {
  const { applied }: SkillUpload = await repeat(
    connection,
    ({ post }) => post(`/v1/skill-uploads/${id}/apply`, { people }),
    `apply-${id}`,
  );
  if (applied === undefined) throw new Error(`the upload ${id} was not applied`);
  return applied.counts;
}

/** Deletes an upload that was not applied. */
export function deleteUpload(connection: Connection, id: string): Promise<void> {
  return repeat(connection, (client) => client.delete(`/v1/skill-uploads/${id}`));
}

async function openUpload(connection: Connection, { mode, changedBy, people }: UploadContent): Promise<SkillUpload> {
  const body = { mode, ...(changedBy !== undefined && { changedBy }) };
  const open = (key: string): Promise<SkillUpload> =>
    repeat(connection, ({ post }) => post("/v1/skill-uploads", body), key);
  const name = `skills-${sha256(JSON.stringify([body, people]))}`;
  for (let number = 1; number <= attemptsMax; number += 1) {
    const { id } = await open(`${name}-${number}`);
    const upload = await findUpload(connection, id);
    // An earlier import of the same file has ended, and the skills may have changed since then.
    if (upload !== undefined && upload.applied === undefined) return upload;
  }
  throw new CommandFault("This file was imported too often in one day. Try again tomorrow.");
}

async function findUpload(connection: Connection, id: string): Promise<SkillUpload | undefined> {
  try {
    return await repeat<SkillUpload>(connection, ({ get }) => get(`/v1/skill-uploads/${id}`));
  } catch (error) {
    if (error instanceof ResponseFault && error.status === 404) return undefined;
    throw error;
  }
}

function* partsOf(people: SkilledPeople): Iterable<SkilledPeople> {
  let part: SkilledPeople = [];
  let bytes = 0;
  for (const person of people) {
    const size = Buffer.byteLength(JSON.stringify(person)) + 1;
    if (part.length >= peoplePerPart || (part.length > 0 && bytes + size > bytesPerPart)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(person);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Repeats a request while the service is unreachable or overloaded, for at most `giveUpMs`. Throws any other fault at once. */
async function repeat<T>(
  { url, key, giveUpMs = 60_000 }: Connection,
  request: (client: Client) => Promise<T>,
  idempotencyKey: string = crypto.randomUUID(),
): Promise<T> {
  const client = createClient(url, key, { "idempotency-key": idempotencyKey });
  const started = performance.now();
  for (;;) {
    try {
      return await request(client);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      if (performance.now() - started > giveUpMs) {
        const message =
          "The service did not respond in time. Nothing was applied; the same command continues the import.";
        throw new CommandFault(message, { cause: error });
      }
      await delay(retryMs);
    }
  }
}

function isTemporary(error: unknown): boolean {
  if (!(error instanceof ResponseFault)) return error instanceof TypeError; // fetch throws a TypeError without a connection
  return error.status >= 500 || error.status === 429 || error.code === "request_in_progress";
}
