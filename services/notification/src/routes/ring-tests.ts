import { findParty } from "@crossline/access";
import {
  formatInstant,
  type Refusal,
  refusal,
  type RingTestOutcome,
  ringTest,
  type RingTest,
  ringTestParams,
  rosterOwnerQuery,
} from "@crossline/contracts";
import { isDiallingFault } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Caller, callerOf, pollUntilFound, type Http, isNewId, isRefusal, send } from "@crossline/service";
import { findRingTest, findRingTestAddresses, type RingTestRow, type RingTestAddress } from "../store/ring-test.ts";
import { orNotFound } from "./or-not-found.ts";

/** Registers the route that reads the result of a ring test, for the roster's party and the operator. Routing starts ring tests. */
export function serveRingTests(http: Http, { database }: { readonly database: Database }): void {
  http.get(
    "/v1/rosters/:name/ring-tests/:id",
    {
      schema: {
        operationId: "readRingTest",
        summary: "Read the result of a ring test by person and address",
        refuses: ["forbidden"],
        params: ringTestParams,
        querystring: rosterOwnerQuery,
        response: { 200: ringTest },
      },
    },
    async (request, reply) => {
      const party = await ownerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const { name, id } = request.params;
      const wanted = party === undefined ? undefined : { party, roster: `${party}.${name}`, id };
      // Notification may not have read a new ring test yet, so the route repeats the search.
      const row =
        wanted &&
        (await pollUntilFound(
          wanted.party,
          () => findRingTest(database, wanted),
          () => isNewId(id),
        ));
      return send(reply, 200, orNotFound(row && present(row, await findRingTestAddresses(database, id)), "ring test"));
    },
  );
}

/** Returns the party whose roster a request concerns, or undefined if the caller cannot read that party's rosters. */
async function ownerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | undefined | Refusal> {
  if (kind !== "operator") return named === undefined || named === party ? party : undefined;
  if (named !== undefined) return (await findParty(database, named)) === undefined ? undefined : named;
  const message = "is missing: name the party of the roster";
  return refusal("invalid_request", `The query is not valid: party ${message}.`, {
    fields: [{ at: "party", message }],
  });
}

function present(row: RingTestRow, tested: readonly RingTestAddress[]): RingTest {
  const byAddress = new Map(tested.map((entry) => [entry.address, entry]));
  return {
    ringTestId: row.ringTestId,
    roster: row.roster,
    at: formatInstant(row.testedAt),
    people: row.people.map(({ person, addresses }) => ({
      person,
      addresses: addresses.flatMap((address) => {
        const entry = byAddress.get(address);
        return entry === undefined ? [] : [presentAddress(entry)];
      }),
    })),
  };
}

function presentAddress(entry: RingTestAddress): RingTest["people"][number]["addresses"][number] {
  return {
    address: entry.address,
    outcome: outcomeOf(entry),
    attempts: entry.attempts,
    ...(entry.status !== null && { status: entry.status }),
    ...(entry.error !== null && { why: entry.error }),
    ...(entry.endedAt !== null && { endedAt: formatInstant(entry.endedAt) }),
  };
}

function outcomeOf({ state, status, error }: RingTestAddress): RingTestOutcome {
  if (state === "delivered" || state === "waiting") return state;
  if (error !== null && isDiallingFault(error)) return "not-dialled";
  return status === null ? "failed" : "refused";
}
