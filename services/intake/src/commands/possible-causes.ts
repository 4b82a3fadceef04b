import type { Device, LinkedChange, Subject } from "@crossline/contracts";
import {
  type AnnouncedChange,
  type PossibleCause,
  effectUntil,
  hashIdentity,
  identitiesOf,
  linkOf,
} from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { findEffective, findLinks, findListed } from "../store/change-effects.ts";
import type { CaseRow } from "../store/cases.ts";
import { type CaseRequest, isOpening } from "./request.ts";

/** The changes that can be the cause of a case, for each request that needs them. */
export type PossibleCauses = ReadonlyMap<CaseRequest, readonly PossibleCause[]>;

type CaseFacts = {
  readonly request: CaseRequest;
  readonly timeline: string;
  readonly carrier: string;
  readonly symptom?: string | undefined;
  readonly device?: Device | undefined;
  readonly subject?: Subject | undefined;
};

/**
 * Finds the changes that can be the cause of the cases that requests open. All openings share one query, which is part of the packet
 * that loads the snapshot. The case of a canary is no case of a customer, so no change caused it.
 */
export function findCausesOfOpenings(tx: Tx, requests: readonly CaseRequest[]): Promise<PossibleCauses> {
  return findCauses(
    tx,
    requests.flatMap((request) => {
      if (!isOpening(request) || request.command.canary !== undefined) return [];
      const { timeline, symptom, device, subject } = request.command.body;
      return [{ request, timeline, carrier: request.actor.party, symptom, device, subject }];
    }),
  );
}

/** Finds the changes that can be the cause of the cases whose symptom, device or identities a request corrects. */
export function findCausesOfCorrections(
  tx: Tx,
  requests: readonly CaseRequest[],
  cases: readonly CaseRow[],
): Promise<PossibleCauses> {
  return findCauses(
    tx,
    requests.flatMap((request) => {
      if (request.command.type !== "change" || request.command.change.type !== "correct") return [];
      const { caseId, change } = request.command;
      const state = cases.find((row) => row.state.id === caseId)?.state;
      if (state === undefined || state.canary !== undefined) return [];
      const { symptom = state.symptom, device = state.device, subject = state.subject } = change;
      return [{ request, timeline: state.timeline, carrier: state.carrier, symptom, device, subject }];
    }),
  );
}

/** Finds the link for each request that links a case to a change. Without the link, the company reads no such change. */
export async function findRequestedLinks(
  tx: Tx,
  requests: readonly CaseRequest[],
): Promise<ReadonlyMap<CaseRequest, LinkedChange>> {
  const asked = requests.flatMap((request) => {
    if (request.command.type !== "change" || request.command.change.type !== "link-change") return [];
    return [{ request, changeId: request.command.change.changeId, party: request.actor.party }];
  });
  const states = await findLinks(tx, asked);
  return new Map(asked.flatMap(({ request }, index) => pairOf(request, states[index])));
}

function pairOf(request: CaseRequest, state: AnnouncedChange | undefined): [CaseRequest, LinkedChange][] {
  return state === undefined ? [] : [[request, linkOf(state)]];
}

async function findCauses(tx: Tx, facts: readonly CaseFacts[]): Promise<PossibleCauses> {
  const asked = facts.filter(({ symptom }) => symptom !== undefined);
  const rows = await findEffective(tx, asked);
  if (rows.length === 0) return new Map();
  // Only a change with a list needs the identities of the case. Their hashes would cost every opening several microseconds.
  const listed = await findListed(
    tx,
    rows
      .filter(({ state }) => state.scope.identities !== undefined)
      .map(({ index, state }) => ({ index, changeId: state.id, identities: hashesOf(asked[index]?.subject) })),
  );
  const causes = new Map<CaseRequest, PossibleCause[]>();
  for (const { index, state } of rows) {
    const request = asked[index]?.request;
    if (request === undefined) continue;
    const cause = toCause(state, listed.has(`${index} ${state.id}`));
    causes.set(request, [...(causes.get(request) ?? []), cause]);
  }
  return causes;
}

/** Returns a change as a possible cause. `isListed` says whether its list contains an identity of the case. */
export function toCause(state: AnnouncedChange, isListed: boolean): PossibleCause {
  const { startsAt, scope } = state;
  return {
    link: linkOf(state),
    from: startsAt,
    until: effectUntil(state),
    vendor: scope.vendor,
    models: scope.models,
    regions: scope.regions,
    isListed: scope.identities === undefined ? undefined : isListed,
  };
}

/** Returns the identities of a device and customer, as hashes. */
export function hashesOf(subject: Subject | undefined): readonly string[] {
  return subject === undefined ? [] : identitiesOf(subject).map(hashIdentity);
}
