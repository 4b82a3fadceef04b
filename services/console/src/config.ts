import { baseConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The variables that the console reads from its environment. */
export const consoleConfig = z.object({
  ...baseConfig({ port: 7306 }),
  CONSOLE_POSITION_MS: wholeNumber(50, 60_000)
    .default(10_000)
    .meta({ description: "the interval at which the console saves how far it has read the topics" }),
  CONSOLE_STREAMS_MAX: wholeNumber(1, 20_000)
    .default(2_000)
    .meta({ description: "the largest number of open streams of one process; further streams get 503" }),
});

export type ConsoleSettings = { readonly positionMs: number; readonly streamsMax: number };

/** Returns the console's own settings. */
export function consoleSettings(config: z.output<typeof consoleConfig>): ConsoleSettings {
  return { positionMs: config.CONSOLE_POSITION_MS, streamsMax: config.CONSOLE_STREAMS_MAX };
}
