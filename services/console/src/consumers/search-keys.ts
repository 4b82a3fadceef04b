import { type Actor, type ReceivedMessage, type Subject } from "@crossline/contracts";
import { hashIdentity, identitiesOf } from "@crossline/domain";
import { dataOf } from "./data-of.ts";
import type { SearchKey } from "../store/search-keys.ts";

/** Returns the search key of a number of a company. Upper and lower case make no difference. */
export function numberKey(number: string): string {
  return `number:${number.trim().toLowerCase()}`;
}

/** Returns the search key of a person. The ids of people have a meaning in one company only. */
export function personKey(party: string, person: string): string {
  return `person:${party}/${person}`;
}

/** Returns the search key of an identity of a customer or device. The key is a hash, as in intake. */
export function identityKey(identity: string): string {
  return `identity:${hashIdentity(identity)}`;
}

/** Returns the texts by which a search finds the case of a record: numbers of companies, persons, and identities. */
export function searchKeysOf(event: ReceivedMessage): SearchKey[] {
  const { key: caseId, data } = event;
  const { actor, subject } = data as { readonly actor?: Actor; readonly subject?: Subject };
  const opened = dataOf(event, "case.opened");
  const accepted = dataOf(event, "handoff.accepted");
  const keys = [
    ...(opened === undefined ? [] : [numberKey(opened.carrierCaseId)]),
    ...(accepted === undefined ? [] : [numberKey(accepted.vendorCaseId)]),
    ...(actor?.person === undefined ? [] : [personKey(actor.party, actor.person)]),
    ...(hasIdentities(event.type) && subject !== undefined ? identitiesOf(subject).map(identityKey) : []),
  ];
  return keys.map((key) => ({ caseId, key }));
}

/** The `subject` of these types is the customer. In events of the hand-off topic, `subject` is a person of a company. */
function hasIdentities(type: string): boolean {
  return type.startsWith("case.") || type === "entry.added" || type === "message.written";
}
