import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandResponse, CommandRequest, History } from "../history.ts";
import type { Silence } from "./silence.ts";

/** How a command ended; without a status nobody knows. */
export type CommandOutcome = { readonly status?: number; readonly body: Readonly<Record<string, unknown>> };

export type SendCommand = (request: Request) => Promise<CommandOutcome>;

type Request = Omit<CommandRequest, "e" | "at" | "n" | "party"> & {
  readonly path: string;
  readonly body: unknown;
  /** Its own, where two questions are to have one. */
  readonly idempotencyKey?: string;
};

const tryTimeoutMs = 5_000;
const pauseMs = 250;
/** Longer than any fault lasts. */
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
 * A party's way to the system, as a good client goes it: one idempotency key per command, each try at another address, again
 * and again until there is an answer that says something. What was asked and answered is in the history.
 */
export function createClient({ party, key, addresses, history, silence }: Options): SendCommand {
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

/** Undefined where it has to be asked again: no answer, an overload, a first try that still runs. */
async function tryOnce(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<CommandOutcome | undefined> {
  try {
    const signal = AbortSignal.timeout(tryTimeoutMs);
    const response = await fetch(url, { method: "POST", headers, body, signal });
    const answer = (await response.json()) as Record<string, unknown>;
    const { status } = response;
    if (status >= 500 || status === 429 || answer["code"] === "request_in_progress") return undefined;
    return { status, body: answer };
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
