import { baseConfig, serviceUrl } from "@crossline/service";
import { z } from "zod";

/** The variables that routing reads from its environment. */
export const routingConfig = z.object({
  ...baseConfig({ port: 7302 }),
  INTAKE_URL: serviceUrl
    .default("http://127.0.0.1:7300")
    .meta({ description: "the URL of intake, which moves the stepped timelines" }),
});

export type RoutingSettings = { readonly intakeUrl: string };
