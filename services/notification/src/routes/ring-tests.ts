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
import { findRingTest, findRungAddresses, type RingTestRow, type RungAddress } from "../store/ring-test.ts";
import { foundOr } from "./presence.ts";

/** What came of a ring test: a party's own, or that of the party that the operator names. Routing starts them. */
export function serveRingTests(http: Http, { database }: { readonly database: Database }): void {
  http.get(
    "/v1/rosters/:name/ring-tests/:id",
    {
      schema: {
        operationId: "readRingTest",
        summary: "What came of a ring test, by person and address",
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
      // It may have been started a moment ago, and not have been read here yet.
      const found =
        wanted &&
        (await pollUntilFound(
          wanted.party,
          () => findRingTest(database, wanted),
          () => isNewId(id),
        ));
      return send(reply, 200, foundOr(found && present(found, await findRungAddresses(database, id)), "ring test"));
    },
  );
}

/** Whose roster is meant; undefined where it is not the caller's to see. */
async function ownerOf(
  database: Database,
  { party, kind }: Caller,
  named: string | undefined,
): Promise<string | undefined | Refusal> {
  if (kind !== "operator") return named === undefined || named === party ? party : undefined;
  if (named !== undefined) return (await findParty(database, named)) === undefined ? undefined : named;
  const message = "is missing: say whose roster you mean";
  return refusal("invalid_request", `The query is not valid: party ${message}.`, {
    fields: [{ at: "party", message }],
  });
}

function present(row: RingTestRow, rung: readonly RungAddress[]): RingTest {
  const byAddress = new Map(rung.map((one) => [one.address, one]));
  return {
    ringTestId: row.ringTestId,
    roster: row.roster,
    at: formatInstant(row.testedAt),
    people: row.people.map(({ person, addresses }) => ({
      person,
      addresses: addresses.flatMap((address) => {
        const one = byAddress.get(address);
        return one === undefined ? [] : [presentAddress(one)];
      }),
    })),
  };
}

function presentAddress(one: RungAddress): RingTest["people"][number]["addresses"][number] {
  return {
    address: one.address,
    outcome: outcomeOf(one),
    attempts: one.attempts,
    ...(one.status !== null && { status: one.status }),
    ...(one.error !== null && { why: one.error }),
    ...(one.endedAt !== null && { endedAt: formatInstant(one.endedAt) }),
  };
}

function outcomeOf({ state, status, error }: RungAddress): RingTestOutcome {
  if (state === "delivered" || state === "waiting") return state;
  if (error !== null && isDiallingFault(error)) return "not-dialled";
  return status === null ? "failed" : "refused";
}
