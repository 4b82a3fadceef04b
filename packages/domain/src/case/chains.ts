import type { EventData, Instant } from "@crossline/contracts";
import { type ChainedEntry, type Link, linkEntry } from "../dossier/chain.ts";
import type { CarriersEvents, CaseState, InternalChain } from "./case.ts";

/**
 * The place of an entry in its chain. If `chain` is absent, the case was opened before internal chains existed and has one
 * chain for all entries.
 */
export type EntryPlace = Link & Pick<EventData<"entry.added">, "chain">;

type NewEntry = Omit<ChainedEntry, "chain">;

/** Returns the place of a new entry: the next place in the shared chain, or in the internal chain of the author's company. */
export function placeEntry(state: CaseState, at: Instant, entry: NewEntry): EntryPlace {
  const { id, entries, chain: head, chains } = state;
  if (chains === undefined) return linkEntry(id, at, entry, { entries, head });
  const chain = entry.audience === "internal" ? "internal" : "shared";
  const end = chain === "shared" ? { entries, head } : (chains[entry.actor.party] ?? { entries: 0 });
  return { chain, ...linkEntry(id, at, { ...entry, chain }, end) };
}

/** Returns the case after an entry has become the new head of its chain. */
export function withEntry(
  state: CaseState,
  { chain, number, hash }: EntryPlace,
  party: string,
  at: Instant,
): CaseState {
  if (chain !== "internal") return { ...state, entries: number, chain: hash };
  const { chains = {}, crossingVersion } = state;
  const before = { crossingVersion, entries: entriesAtCrossing(chains[party], crossingVersion) };
  return { ...state, chains: { ...chains, [party]: { entries: number, head: hash, lastAt: at, before } } };
}

/** Returns the number of entries in the chain to which the new entry would belong. */
export function entriesInSameChain(
  { entries, chains }: Pick<CaseState, "entries" | "chains">,
  { audience, party }: Pick<NewEntry, "audience"> & { readonly party: string },
): number {
  return audience === "internal" && chains !== undefined ? (chains[party]?.entries ?? 0) : entries;
}

/** The version and the counts of a case as one company reads them. Internal entries of other companies do not count. */
export type CaseCounts = {
  readonly version: number;
  readonly crossingVersion: number;
  /** The number of the case's records on the case topic. */
  readonly sequence: number;
  readonly lastEventAt: Instant;
};

/**
 * Returns the version and the counts of a case as a company reads them. Internal entries of other companies do not count,
 * and events about a membership in an incident count only for the carrier. A case that was opened before internal chains existed counts all entries.
 */
export function countsFor(state: CaseState, party: string): CaseCounts {
  const { version, crossingVersion, sequence, lastEventAt, sharedAt, chains = {}, carrier, memberships } = state;
  const others = Object.keys(chains).filter((company) => company !== party);
  const ofCarrier = party === carrier ? undefined : memberships;
  const hidden = sum(others.map((company) => chains[company]?.entries ?? 0)) + (ofCarrier?.events ?? 0);
  const before =
    sum(others.map((company) => entriesAtCrossing(chains[company], crossingVersion))) +
    eventsAtCrossing(ofCarrier, crossingVersion);
  const own = [chains[party]?.lastAt, party === carrier ? memberships?.lastAt : undefined];
  return {
    version: version - hidden,
    crossingVersion: crossingVersion - before,
    sequence: sequence - hidden,
    lastEventAt: sharedAt === undefined ? lastEventAt : Math.max(sharedAt, ...own.map((at) => at ?? sharedAt)),
  };
}

/** Returns the sequence of the newest record, counting only records that all companies read. The result is the same for every company. */
export function sharedSequence(
  { chains = {}, memberships }: Pick<CaseState, "chains" | "memberships">,
  sequence: number,
): number {
  return sequence - sum(Object.values(chains).map(({ entries }) => entries)) - (memberships?.events ?? 0);
}

/** Returns the case after an event about its membership in an incident, which only the carrier reads. */
export function countMembership(state: CaseState, at: Instant): CaseState {
  const { memberships, crossingVersion } = state;
  const before = { crossingVersion, events: eventsAtCrossing(memberships, crossingVersion) };
  return { ...state, memberships: { events: (memberships?.events ?? 0) + 1, lastAt: at, before } };
}

function eventsAtCrossing(own: CarriersEvents | undefined, crossingVersion: number): number {
  if (own === undefined) return 0;
  return own.before.crossingVersion === crossingVersion ? own.before.events : own.events;
}

function entriesAtCrossing(chain: InternalChain | undefined, crossingVersion: number): number {
  if (chain === undefined) return 0;
  return chain.before.crossingVersion === crossingVersion ? chain.before.entries : chain.entries;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
