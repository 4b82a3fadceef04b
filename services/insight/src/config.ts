import { baseConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The variables that insight reads from its environment. */
export const insightConfig = z.object({
  ...baseConfig({ port: 7305 }),
  INSIGHT_POSITION_MS: wholeNumber(50, 60_000)
    .default(10_000)
    .meta({ description: "the interval at which insight saves how far it has read the topics" }),
});

export type InsightSettings = { readonly positionMs: number };

/** Returns insight's own settings. */
export function insightSettings(config: z.output<typeof insightConfig>): InsightSettings {
  return { positionMs: config.INSIGHT_POSITION_MS };
}
