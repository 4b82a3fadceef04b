import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandResponse, CommandRequest, History } from "../history.ts";
import type { Silence } from "./silence.ts";

/** The outcome of a command. If `status` is missing, the outcome is unknown. */
export type CommandOutcome = { readonly status?: number; readonly body: Readonly<Record<string, unknown>> };

export type SendCommand = (request: Request) => Promise<CommandOutcome>;

type Request = Omit<CommandRequest, "e" | "at" | "n" | "party"> & {
  readonly path: string;
  readonly body: unknown;
  /** The idempotency key, if two requests must have the same key. */
  readonly idempotencyKey?: string;
};

const tryTimeoutMs = 5_000;
const pauseMs = 250;
/** The time after which a client stops retrying. Every fault is shorter than this time. */
const givesUpAfterMs = 120_000;

type Options = {
  readonly party: string;
  readonly key: string;
  readonly addresses: () => readonly string[];
  readonly history: History;
  readonly silence: Silence;
};

let count = 0;

/**
 * Returns a function that sends a party's commands. Each command has one idempotency key, and each attempt goes to a
 * different address. The function repeats the command until a response is final. The history has the request and the final
 * response.
 */
export function createSender({ party, key, addresses, history, silence }: Options): SendCommand {
  return async ({ path, body, idempotencyKey = randomUUID(), ...rest }) => {
    await silence.whenOver();
    const n = ++count;
    history.write({ e: "asked", at: Date.now(), n, party, ...rest });
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": idempotencyKey,
    };
    const deadline = performance.now() + givesUpAfterMs;
    for (let tries = 1; performance.now() < deadline; tries++) {
      const all = addresses();
      const address = all[(n + tries) % all.length] ?? "";
      const outcome = await tryOnce(address + path, headers, JSON.stringify(body));
      if (outcome === undefined) {
        await delay(pauseMs);
        continue;
      }
      history.write({ e: "answered", at: Date.now(), n, tries, ...outcomeFields(outcome) });
      return outcome;
    }
    history.write({ e: "answered", at: Date.now(), n, tries: 0 });
    return { body: {} };
  };
}

/**
 * Returns undefined if the client must retry: after no response, after a refusal under overload, or while the first attempt still
 * runs.
 */
async function tryOnce(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<CommandOutcome | undefined> {
  try {
    const signal = AbortSignal.timeout(tryTimeoutMs);
    const response = await fetch(url, { method: "POST", headers, body, signal });
    const json = (await response.json()) as Record<string, unknown>;
    const { status } = response;
    if (status >= 500 || status === 429 || json["code"] === "request_in_progress") return undefined;
    return { status, body: json };
  } catch {
    return undefined;
  }
}

function outcomeFields({
  status,
  body,
}: CommandOutcome): Pick<CommandResponse, "status" | "code" | "caseId" | "id" | "time"> {
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === "string" ? value : undefined;
  };
  const time = text("at");
  const code = text("code");
  const id = text("id") ?? text("handoffId");
  const caseId = text("caseId") ?? (id?.startsWith("cs_") === true ? id : undefined);
  return {
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(caseId !== undefined && { caseId }),
    ...(id !== undefined && { id }),
    ...(time !== undefined && { time: Date.parse(time) }),
  };
}
