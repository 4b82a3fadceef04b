import { lockParty } from "@crossline/access";
import { type CanaryToSet, type Refusal, newId, parseDuration, refusal } from "@crossline/contracts";
import { changePlan, newCanary } from "@crossline/domain";
import { seal, unseal } from "@crossline/idempotency";
import { type Tx, now } from "@crossline/postgres";
import { type CanaryRow, deleteCanaries, insertCanary, lockCanaries, updatePlan } from "../store/canaries.ts";
import { type Lines, matchLines } from "../store/lines.ts";
import { refuseLine } from "./match-line.ts";
import { createCanaryKey, removeKey } from "./keys.ts";

/** The dependencies of the routes of canaries. */
export type CanaryDeps = {
  /** The secret with which intake encrypts the API keys of canaries. */
  readonly secret: string;
  /** True if this installation receives mail. */
  readonly receivesMail: boolean;
  /** Wakes the worker of this process. Call this function after a commit that changed canaries. */
  readonly wake: () => void;
};

type SetDeps = Pick<CanaryDeps, "secret" | "receivesMail"> & { readonly lines: Lines };

const purpose = "crossline.canary";

/** Decrypts the API key of a canary; undefined if another secret encrypted the key. */
export function readCanaryKey({ sealedKey }: Pick<CanaryRow, "sealedKey">, secret: string): string | undefined {
  try {
    return unseal(sealedKey, secret, purpose);
  } catch {
    return undefined;
  }
}

/**
 * Sets the canaries of a carrier. A canary with the same line and channel keeps its id, its last result and its next run. Each new
 * canary gets an API key. The keys of removed canaries are deleted. Returns a refusal if a canary cannot run, and then changes nothing.
 */
export async function setCanaries(
  tx: Tx,
  deps: SetDeps,
  carrier: string,
  wanted: readonly CanaryToSet[],
): Promise<Refusal | undefined> {
  const refused = (await refuseLines(tx, deps, carrier, wanted)) ?? refuseMail(deps, wanted);
  if (refused !== undefined) return refused;
  await lockParty(tx, carrier); // Two requests of a carrier run one after the other, even if no canary exists yet.
  const stored = new Map((await lockCanaries(tx, carrier)).map((row) => [nameOf(row), row]));
  const kept = new Set(wanted.map(nameOf));
  const removed = [...stored.values()].filter((row) => !kept.has(nameOf(row)));
  for (const { keyId } of removed) await removeKey(tx, carrier, keyId);
  await deleteCanaries(
    tx,
    removed.map(({ id }) => id),
  );
  for (const canary of wanted) {
    const row = stored.get(nameOf(canary));
    if (row === undefined) await addCanary(tx, deps, carrier, canary);
    else await changeCanary(tx, deps, row, canary);
  }
  return undefined;
}

function nameOf({ line, channel }: Pick<CanaryRow, "line" | "channel">): string {
  return `${line}/${channel}`;
}

function planOf({ every, within }: CanaryToSet): Pick<CanaryRow, "everyMs" | "withinMs"> {
  return { everyMs: parseDuration(every), withinMs: parseDuration(within) };
}

async function addCanary(tx: Tx, { secret }: SetDeps, carrier: string, canary: CanaryToSet): Promise<void> {
  const { line, channel } = canary;
  const { keyId, key, createdAt } = await createCanaryKey(tx, carrier);
  const own = { id: newId("cn"), carrier, line, channel, keyId, sealedKey: seal(key, secret, purpose) };
  await insertCanary(tx, { ...own, ...planOf(canary), state: newCanary(createdAt), createdAt });
}

/** Changes the plan of a canary. Replaces a key that this installation can no longer decrypt. */
async function changeCanary(tx: Tx, { secret }: SetDeps, row: CanaryRow, canary: CanaryToSet): Promise<void> {
  const plan = planOf(canary);
  const changed = { ...row, ...plan, state: changePlan(row.state, plan, await now(tx)) };
  if (readCanaryKey(row, secret) !== undefined) return updatePlan(tx, changed);
  await removeKey(tx, row.carrier, row.keyId);
  const { keyId, key } = await createCanaryKey(tx, row.carrier);
  return updatePlan(tx, { ...changed, keyId, sealedKey: seal(key, secret, purpose) });
}

/** Refuses a line that the carrier has not published, and a line without the clock that a canary reads back. */
async function refuseLines(
  tx: Tx,
  { lines }: SetDeps,
  carrier: string,
  wanted: readonly CanaryToSet[],
): Promise<Refusal | undefined> {
  const found = await matchLines(
    tx,
    wanted.map(({ line: name }) => ({ carrier, name })),
  );
  const refs = found.flatMap(({ name, version }) =>
    name === null || version === null ? [] : [{ carrier, name, version }],
  );
  await lines.load(tx, refs);
  for (const [index, { line: name }] of wanted.entries()) {
    const at = `/canaries/${index}/line`;
    const version = found[index]?.version ?? undefined;
    if (version === undefined) return refuseLine(`${carrier} has published no line with the name ${name}.`, at);
    const clocks = lines.find({ carrier, name, version })?.line.clocks ?? [];
    if (clocks.some(({ kind }) => kind === "first-response")) continue;
    const fields = [{ at, message: "must be a line with a first-response clock" }];
    return refusal("invalid_request", `The line ${name} has no first-response clock, which a canary reads back.`, {
      fields,
    });
  }
  return undefined;
}

function refuseMail({ receivesMail }: SetDeps, wanted: readonly CanaryToSet[]): Refusal | undefined {
  const index = wanted.findIndex(({ channel }) => channel === "mail");
  if (receivesMail || index < 0) return undefined;
  const fields = [
    { at: `/canaries/${index}/channel`, message: "must be web, because this installation receives no mail" },
  ];
  return refusal("invalid_request", "This installation receives no mail, so no canary can probe the mail door.", {
    fields,
  });
}
