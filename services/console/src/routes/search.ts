import { presentPosition, readPosition } from "@crossline/chassis";
import { type Subject, searchQuery, searchResult } from "@crossline/contracts";
import { identitiesOf, identityFaults, sharedIdentities } from "@crossline/domain";
import { type Caller, type Http, authenticated, callerOf, send, setTimelineHeader } from "@crossline/service";
import { identityKey, numberKey, personKey } from "../consumers/search-keys.ts";
import { search } from "../store/searches.ts";
import type { RouteDeps } from "./deps.ts";
import { presentRow } from "../streams/present-row.ts";

const foundMax = 50;

/** Registers `GET /v1/search`, which finds cases among those that the caller reads now. */
export function serveSearch(http: Http, { database, authenticate, partitions }: RouteDeps): void {
  http.get(
    "/v1/search",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "searchCases",
        summary: "Find your cases by a number, a person, an identity or words of the title",
        tags: ["console"],
        querystring: searchQuery,
        response: { 200: searchResult },
      },
    },
    async (request, reply) => {
      const { q, timeline } = request.query;
      const caller = callerOf(request);
      setTimelineHeader(reply, timeline);
      const keys = [numberKey(q), personKey(caller.party, q), ...identitiesFor(caller, q).map(identityKey)];
      const rows = await search(database, { party: caller.party, timeline, keys, words: q, limit: foundMax });
      return send(reply, 200, {
        items: rows.map(presentRow),
        asOf: presentPosition(await readPosition(database, partitions)),
      });
    },
  );
}

const identityFields = ["imei", "esn", "iccid", "msisdn", "email"] as const;

/** Returns the identities that a text can be. A carrier's id of a customer has a meaning for the carrier only. */
function identitiesFor({ kind }: Caller, text: string): readonly string[] {
  const possible = identityFields.filter((field) => identityFaults({ [field]: text }).length === 0);
  const subject: Subject = Object.fromEntries(possible.map((field) => [field, text]));
  return kind === "carrier" ? identitiesOf({ ...subject, customerId: text }) : sharedIdentities(subject);
}
