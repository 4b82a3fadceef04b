import { type Instant, type Trigger, formatInstant, parseDuration } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { findSimilarOpenings } from "../store/similar-openings.ts";
import {
  type Opening,
  type OpeningOfCarrier,
  type ProblemsOfOpenings,
  findProblemsOf,
  isCanary,
} from "./problems-of-opening.ts";
import type { CaseRequest } from "./request.ts";

/** The data about other cases that some lines need for the opening of a case. */
export type SimilarCases = {
  /** Maps each opening whose line counts similar cases to the opening times of the similar cases. */
  readonly alike: ReadonlyMap<CaseRequest, readonly Instant[]>;
  readonly problems: ProblemsOfOpenings;
};

type AlikeTrigger = Extract<Trigger, { on: "alike" }>;
const alikeMax = 100;

/**
 * Reads the data that the lines of these openings need about other cases. For most lines, intake sends no query, because they need no
 * such data. The opening of a canary needs no such data either, because it is no case of a customer.
 */
export async function findSimilar(tx: Tx, openings: readonly OpeningOfCarrier[]): Promise<SimilarCases> {
  const alike = new Map<CaseRequest, readonly Instant[]>();
  for (const { request, line, at } of openings) {
    if (line === undefined || isCanary(request)) continue;
    const { body } = request.command;
    const within = line.triggers.filter((trigger): trigger is AlikeTrigger => trigger.on === "alike");
    if (within.length > 0) {
      const since = at - Math.max(...within.map((trigger) => parseDuration(trigger.within)));
      alike.set(request, await findSimilarOpenings(tx, { ...body, carrier: request.actor.party, since }));
    }
  }
  return { alike, problems: await findProblemsOf(tx, openings) };
}

/** Returns the opening times of the similar cases and of this case, or an empty object if the line does not count similar cases. */
export function alikeOf({ alike }: SimilarCases, { request, at }: Opening): { readonly alike?: string[] } {
  const earlier = alike.get(request);
  return { ...(earlier !== undefined && { alike: [...earlier, at].slice(-alikeMax).map(formatInstant) }) };
}
