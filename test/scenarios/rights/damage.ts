import { problemDocument } from "@crossline/contracts";
import type { Action } from "@crossline/domain";
import type { SendRequest, Caller, Scene } from "./scene.ts";

/* Bodies with one wrong field, for every action on a hand-off, a joint case and a proposal, and for every roster. */

const leftOut = Symbol("left out");
const plain: readonly unknown[] = [leftOut, null, true, 0, -1, 1.5, 1e308, "", " ", "\0", "\uD800", "x".repeat(5_000)];
const odd: readonly unknown[] = ["9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "__proto__", [], [null], {}];
const wrong = [...plain, ...odd];
const whole: readonly unknown[] = [null, [], "text", 7, {}, { __proto__: null, constructor: 1 }];

/** The actions by company. */
const damagedActions = {
  orchard: ["claim", "renew", "release", "accept", "reject", "request-info", "return", "transfer", "resolve"],
  northtel: [
    ...(["provide-information", "name-joint-person", "hold-joint-session", "take"] as const),
    ...(["raise-severity", "decline-severity", "promise", "deliver-promise", "withdraw-promise"] as const),
  ],
} as const satisfies Partial<Record<Caller, readonly Action[]>>;

const rotation = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-06", order: ["ada"] };
const document = {
  roster: "fuzzed",
  people: [{ id: "ada", name: "Ada", mail: "a@example.com" }],
  rotation: [rotation],
};
const during = { from: "2026-03-07T14:00:00Z", to: "2026-03-08T14:00:00Z" };
const rosterBodies: Readonly<Record<string, Record<string, unknown>>> = {
  override: { ...during, person: "ada" },
  swap: { ...during, a: "ada", b: "ada" },
  document,
};

/** Returns every body that differs from a valid one in one field. */
function damageBody(sound: Record<string, unknown>): readonly unknown[] {
  const places = [...Object.keys(sound), "unknown"];
  const bodies = places.flatMap((place) =>
    wrong.map((value) => {
      const { [place]: _, ...rest } = sound;
      return value === leftOut ? rest : { ...rest, [place]: value };
    }),
  );
  return [...bodies, ...whole];
}

export type DamagedRequest = { readonly method: string; readonly path: string; readonly body: unknown };

/** Returns every damaged request of one company about the case of a scene. */
export function damagedRequests(scene: Scene, caller: keyof typeof damagedActions): readonly DamagedRequest[] {
  return damagedActions[caller].flatMap((action) => {
    const { method, path, body = {} } = scene.requestFor(caller, action);
    return damageBody(body).map((one) => ({ method, path, body: one }));
  });
}

/** Returns every damaged request to a route for a roster, an override or a swap. */
export function damagedRosters(operations: readonly string[]): readonly DamagedRequest[] {
  return operations
    .filter((operation) => operation.startsWith("POST /v1/rosters"))
    .flatMap((operation) => {
      const path = operation.replace("POST ", "").replace("{name}", "duty");
      const kind = path.includes("override") ? "override" : path.includes("swap") ? "swap" : "document";
      return damageBody(rosterBodies[kind] ?? {}).map((body) => ({ method: "POST", path, body }));
    });
}

/**
 * Returns the response to a damaged request if the response is a fault or an unknown problem document. Otherwise
 * returns undefined.
 */
export async function faultOf(ask: SendRequest, { method, path, body }: DamagedRequest): Promise<object | undefined> {
  const { status, body: response } = await ask(method, path, body);
  const isFault = status >= 500 || (status >= 400 && !problemDocument.safeParse(response).success);
  return isFault ? { path, body, status, response } : undefined;
}
