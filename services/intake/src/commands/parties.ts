import { hashKey, lockParty, saveParties } from "@crossline/access";
import { type EventData, type Refusal, operatorParty, refusal, topics, wall } from "@crossline/contracts";
import { eventOf, isCountry } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import type { ListedParty } from "../store/parties.ts";

type Party = EventData<"party.recorded">;
/** A party and its keys, locked until the transaction ends. */
export type StoredParty = NonNullable<Awaited<ReturnType<typeof lockParty>>>;

/** Creates a party and publishes it. Returns false if a party with this name exists. */
export async function createParty(tx: Tx, party: Omit<Party, "keys">): Promise<boolean> {
  return publishParty(tx, { ...party, keys: [] }, 1);
}

/** Sets a carrier's country. Intake uses the country to read telephone numbers. If the country stays the same, publishes nothing. */
export async function setCountry(tx: Tx, party: string, country: string): Promise<ListedParty | Refusal> {
  if (!isCountry(country)) {
    const message = "must be a country code of ISO 3166-1 with a known telephone numbering plan";
    return refusal("invalid_request", `The country ${message}.`, { fields: [{ at: "/country", message }] });
  }
  const found = await lockParty(tx, party);
  if (found === undefined) return unknownParty(party);
  const { keys, ...listed } = { ...eventDataOf(found), country };
  if (found.country !== country) await publishParty(tx, { ...listed, keys }, found.sequence + 1);
  return listed;
}

/** Returns the party with the data of its last published event. */
export function eventDataOf({ party, kind, name, country, keys }: StoredParty): Party {
  return { party, kind, name, ...(country !== null && { country }), keys };
}

const operator = { party: operatorParty, kind: "operator", name: "Operator" } as const;

/**
 * Saves the operator with this key as its only key, and publishes the operator without the key. Does nothing if the operator already has
 * exactly this key. Intake calls this function at every start.
 */
export async function ensureOperator(tx: Tx, operatorKey: string): Promise<void> {
  const keys = [{ keyId: "key_operator", hash: hashKey(operatorKey) }];
  if (await publishParty(tx, { ...operator, keys }, 1)) return;
  const found = await lockParty(tx, operator.party);
  if (found === undefined || (found.keys.length === 1 && found.keys[0]?.hash === keys[0]?.hash)) return;
  await publishParty(tx, { ...operator, keys }, found.sequence + 1);
}

/**
 * Saves a party and publishes it. If the stored party is newer, returns false and publishes nothing. The published record of the operator
 * has no key, because no other service checks the operator's key.
 */
export async function publishParty(tx: Tx, data: Party, sequence: number): Promise<boolean> {
  const time = await now(tx);
  const saved = await saveParties(tx, [{ data, sequence, time }]);
  if (saved.length === 0) return false;
  const published = data.kind === "operator" ? { ...data, keys: [] } : data;
  const message = eventOf("party.recorded", published, {
    topic: topics.party,
    key: data.party,
    sequence,
    time,
    timeline: wall,
  });
  await appendToOutbox(tx, [message]);
  return true;
}

/** Returns the refusal for a party that does not exist. */
export function unknownParty(party: string): Refusal {
  return refusal("not_found", `No party has the name ${party}.`);
}
