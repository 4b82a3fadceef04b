import { caseId, customerSteps } from "@crossline/contracts";
import { customerFactTypes, customerStepsOf } from "@crossline/domain";
import { type Http, internalOnly } from "@crossline/service";
import { z } from "zod";
import { lastSequence, readFacts } from "../store/facts.ts";
import type { RouteDeps } from "./deps.ts";

/**
 * Registers the internal route from which intake reads the history of a case for its customer. The console removes everything internal
 * itself, so that no internal text leaves the console for the customer's screen. An unknown case has no steps, because the console can read
 * a new case a moment after intake.
 */
export function serveCustomerSteps(http: Http, { database, internalKey }: RouteDeps): void {
  http.get(
    "/internal/cases/:id/customer-steps",
    {
      onRequest: internalOnly(internalKey),
      schema: { hide: true, params: z.object({ id: caseId }), response: { 200: customerSteps } },
    },
    async ({ params: { id } }) => {
      // The sequence comes first, so that no later fact than the steps counts as read.
      const sequence = await lastSequence(database, id);
      return { items: [...customerStepsOf(await readFacts(database, [id], customerFactTypes))], sequence };
    },
  );
}
