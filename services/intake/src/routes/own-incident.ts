import { type Refusal, refusal } from "@crossline/contracts";
import type { IncidentState } from "@crossline/domain";
import type { Caller } from "@crossline/service";
import { z } from "zod";
import { noSuchIncident } from "../commands/command-incident.ts";
import { findIncident } from "../store/incidents.ts";
import type { RouteDeps } from "./deps.ts";

const onlyCarriers = refusal("forbidden", "Only a carrier has incidents.");

export const incidentParams = z.object({ id: z.string().max(64).meta({ description: "The incident's id" }) });

/** Returns an incident of the caller, or a refusal. */
export async function findOwnIncident(
  { database }: Pick<RouteDeps, "database">,
  id: string,
  { party }: Pick<Caller, "party">,
): Promise<IncidentState | Refusal> {
  const state = await findIncident(database, id);
  return state?.carrier === party ? state : noSuchIncident;
}

/** Returns a refusal for every company that is no carrier. */
export function refuseVendor({ kind }: Pick<Caller, "kind">): Refusal | undefined {
  return kind === "carrier" ? undefined : onlyCarriers;
}
