import { baseConfig, readConfig, serviceUrl } from "@crossline/service";
import { z } from "zod";

/** What routing reads from its environment. */
export const routingConfig = z.object({
  ...baseConfig({ port: 7302 }),
  INTAKE_URL: serviceUrl
    .default("http://127.0.0.1:7300")
    .meta({ description: "where intake is, which drives the stepped timelines" }),
});

export type RoutingConfig = z.output<typeof routingConfig>;

/** Reads the environment, or ends the process with a sentence per fault. */
export function readRoutingConfig(): RoutingConfig {
  return readConfig(routingConfig, process.env);
}
