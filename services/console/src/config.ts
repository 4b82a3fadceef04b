import { baseConfig, publicUrl, wholeNumber } from "@crossline/service";
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
  PUBLIC_URL: publicUrl.optional().meta({
    description:
      "the public address of Crossline, to which issuers of OpenID Connect send browsers back; without it no person signs in at an issuer",
  }),
});

export type ConsoleSettings = {
  readonly positionMs: number;
  readonly streamsMax: number;
  /** The public address of Crossline, without a slash at the end. */
  readonly publicUrl?: string | undefined;
};

/** Returns the console's own settings. */
export function consoleSettings(config: z.output<typeof consoleConfig>): ConsoleSettings {
  return {
    positionMs: config.CONSOLE_POSITION_MS,
    streamsMax: config.CONSOLE_STREAMS_MAX,
    publicUrl: config.PUBLIC_URL,
  };
}
