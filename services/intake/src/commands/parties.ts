import { hashKey, lockParty, generateKey, saveParties } from "@crossline/access";
import { type EventData, type Instant, type Refusal, refusal, topics, wall } from "@crossline/contracts";
import { eventOf, isCountry } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { deleteKeyRecord, insertKeyRecord } from "../store/keys.ts";
import type { ListedParty } from "../store/parties.ts";

type Party = EventData<"party.recorded">;
type StoredParty = NonNullable<Awaited<ReturnType<typeof lockParty>>>;

/** Makes a party known to all services; false where there is one with this name. */
export async function createParty(tx: Tx, party: Omit<Party, "keys">): Promise<boolean> {
  return publishParty(tx, { ...party, keys: [] }, 1);
}

/** A new key for a party. The key itself is only in what this returns. */
export async function createKey(
  tx: Tx,
  party: string,
  label: string | undefined,
): Promise<{ keyId: string; key: string; createdAt: Instant } | Refusal> {
  const found = await lockParty(tx, party);
  if (found === undefined) return unknownParty(party);
  if (found.keys.length >= keysMax) {
    return refusal("limit_reached", `A party has at most ${keysMax} keys; delete one first.`);
  }
  const { keyId, key, hash } = generateKey(party);
  const createdAt = await now(tx);
  await publishParty(tx, { ...eventDataOf(found), keys: [...found.keys, { keyId, hash }] }, found.sequence + 1);
  await insertKeyRecord(tx, { keyId, label, createdAt });
  return { keyId, key, createdAt };
}

/** Takes a key back. It is refused everywhere within seconds. */
export async function deleteKey(tx: Tx, party: string, keyId: string): Promise<Refusal | undefined> {
  const found = await lockParty(tx, party);
  if (found === undefined) return unknownParty(party);
  const left = found.keys.filter((key) => key.keyId !== keyId);
  if (left.length === found.keys.length) return refusal("not_found", `${party} has no key with this id.`);
  await publishParty(tx, { ...eventDataOf(found), keys: left }, found.sequence + 1);
  await deleteKeyRecord(tx, keyId);
  return undefined;
}

/** Sets the country under which a carrier's telephone numbers are read. The same one again is published no second time. */
export async function setCountry(tx: Tx, party: string, country: string): Promise<ListedParty | Refusal> {
  if (!isCountry(country)) {
    const message = "must be a country by ISO 3166-1 whose telephone numbers can be read";
    return refusal("invalid_request", `The country ${message}.`, { fields: [{ at: "/country", message }] });
  }
  const found = await lockParty(tx, party);
  if (found === undefined) return unknownParty(party);
  const { keys, ...fact } = { ...eventDataOf(found), country };
  if (found.country !== country) await publishParty(tx, { ...fact, keys }, found.sequence + 1);
  return fact;
}

/** A party as its last fact stated it. */
function eventDataOf({ party, kind, name, country, keys }: StoredParty): Party {
  return { party, kind, name, ...(country !== null && { country }), keys };
}

const operator = { party: "operator", kind: "operator", name: "Operator" } as const;

/** Makes every service know the operator by this key, and by no other. To be called at every start. */
export async function ensureOperator(tx: Tx, operatorKey: string): Promise<void> {
  const keys = [{ keyId: "key_operator", hash: hashKey(operatorKey) }];
  if (await publishParty(tx, { ...operator, keys }, 1)) return;
  const found = await lockParty(tx, operator.party);
  if (found === undefined || (found.keys.length === 1 && found.keys[0]?.hash === keys[0]?.hash)) return;
  await publishParty(tx, { ...operator, keys }, found.sequence + 1);
}

const keysMax = 20;

/** States a party as it stands, here and to all; false, and nothing is told, where it is newer here. */
async function publishParty(tx: Tx, data: Party, sequence: number): Promise<boolean> {
  const time = await now(tx);
  const changed = await saveParties(tx, [{ data, sequence, time }]);
  if (changed.length === 0) return false;
  const message = eventOf("party.recorded", data, {
    topic: topics.party,
    key: data.party,
    sequence,
    time,
    timeline: wall,
  });
  await appendToOutbox(tx, [message]);
  return true;
}

function unknownParty(party: string): Refusal {
  return refusal("not_found", `There is no party named ${party}.`);
}
