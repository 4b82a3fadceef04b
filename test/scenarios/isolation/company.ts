import { randomUUID } from "node:crypto";
import { type Client, ResponseFault } from "@crossline/cli";
import type { Stage } from "../stage.ts";
import type { Markers, Readers } from "./markers.ts";

/** A command that a company sent, with its idempotency key. Another company can send the same command again. */
export type SentCommand = {
  readonly party: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly idempotencyKey: string;
};

/** A company of the walk. Its client records each command, and remembers the id of each thing that a command creates. */
export type Company = {
  readonly name: string;
  readonly party: string;
  readonly isCarrier: boolean;
  readonly key: string;
  readonly client: Client;
};

export type Recorder = {
  readonly markers: Markers;
  readonly commands: SentCommand[];
  /** The ids in the responses to the commands of each company. No list contains some of them. */
  readonly created: Map<string, string[]>;
  /** The readers of a case's shared history, by the id of the case. */
  readonly readersOf: Map<string, (writer: string) => Readers>;
};

const idForm = /\b[a-z]{2,4}_[0-9a-z]{26}\b/g;

/** Registers a company whose client records its commands. */
export async function joinCompany(
  stage: Stage,
  recorder: Recorder,
  name: string,
  kind: "carrier" | "vendor",
): Promise<Company> {
  const { party, key } = await stage.party(name, kind);
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const idempotencyKey = randomUUID();
    const response = await sendCommand(stage.url, key, { method, path, body, idempotencyKey });
    const text = await response.text();
    if (!response.ok) throw new ResponseFault(`${method} ${path}`, response, JSON.parse(text));
    const answer = text === "" ? undefined : JSON.parse(text);
    if (method !== "GET") {
      recorder.commands.push({ party, method, path, body, idempotencyKey });
      recorder.created.set(party, [...(recorder.created.get(party) ?? []), ...(text.match(idForm) ?? [])]);
      if (typeof answer?.id === "string") remember(recorder, { party, path, body }, answer.id as string);
    }
    return answer as T;
  };
  const client: Client = {
    get: (path) => send("GET", path),
    post: (path, body = {}) => send("POST", path, body),
    put: (path, body = {}) => send("PUT", path, body),
    delete: (path) => send("DELETE", path),
  };
  return { name, party, isCarrier: kind === "carrier", key, client };
}

/** Sends one request with a key, or without one. */
export function sendCommand(
  url: string,
  key: string | undefined,
  { method, path, body, idempotencyKey }: Omit<SentCommand, "party">,
): Promise<Response> {
  return fetch(new URL(path, url), {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(method === "POST" && { "idempotency-key": idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Remembers the id of a new thing. Only its company reads it, unless it is a part of the shared history of a case. */
function remember(
  { markers, readersOf }: Recorder,
  { party, path, body }: Pick<SentCommand, "party" | "path" | "body">,
  id: string,
): void {
  const [, , room = "", caseId = "", part = ""] = path.split("/");
  // The readers of these things are known elsewhere, and some responses have the id of the changed thing.
  if (["changes", "queues", "sign-in-links", "incidents"].includes(room) || path.includes(id)) return;
  const isInternal = (body as { audience?: string } | undefined)?.audience === "internal";
  const shared = room === "cases" && caseId !== "" && !isInternal ? readersOf.get(caseId) : undefined;
  if (room === "cases" && (caseId === "" || (shared === undefined && !isInternal))) return;
  markers.remember(id, `id of ${[room, part].filter((one) => one !== "").join("/")}`, shared?.(party) ?? [party]);
}
