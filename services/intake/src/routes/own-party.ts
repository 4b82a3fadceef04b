import { partyId, presentedParty, refusal, setCountryRequest } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { z } from "zod";
import { setCountry } from "../commands/parties.ts";
import { rekeyNumbers } from "../commands/rekey-numbers.ts";
import { findListed } from "../store/parties.ts";
import type { RouteDeps } from "./deps.ts";
import { isOwn, noSuchParty } from "./named-party.ts";
import { presentParties } from "./present-party.ts";

const params = z.object({ party: partyId });

/** Serves the routes with which a party reads its own data and a carrier sets its country. */
export function serveOwnParty(http: Http, { database, onCommitted }: RouteDeps): void {
  http.get(
    "/v1/parties/:party",
    {
      schema: {
        operationId: "readParty",
        summary: "Read the data of your own party",
        params,
        response: { 200: presentedParty },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const found = isOwn(callerOf(request), party) ? await findListed(database, party) : undefined;
      if (found === undefined) return send(reply, 200, noSuchParty(party));
      const [presented] = await presentParties(database, [found]);
      return send(reply, 200, presented ?? noSuchParty(party));
    },
  );

  http.put(
    "/v1/parties/:party/country",
    {
      schema: {
        operationId: "setCountry",
        summary: "Set the country by which your telephone numbers are read",
        description:
          "After this request, Crossline reads national numbers with the country code. Contacts with such a number also join cases that were opened earlier.",
        refuses: ["forbidden"],
        params,
        body: setCountryRequest,
        response: { 200: presentedParty },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const { country } = request.body;
      const caller = callerOf(request);
      if (caller.kind !== "carrier")
        return send(reply, 200, refusal("forbidden", "Only a carrier can set its country."));
      if (!isOwn(caller, party)) return send(reply, 200, noSuchParty(party));
      const outcome = await database.transaction((tx) => setCountry(tx, party, country));
      if (isRefusal(outcome)) return send(reply, 200, outcome);
      onCommitted();
      await rekeyNumbers(database, party, country);
      const [presented] = await presentParties(database, [outcome]);
      return send(reply, 200, presented ?? noSuchParty(party));
    },
  );
}
