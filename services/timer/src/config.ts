import { baseConfig, readConfig } from "@crossline/service";
import { z } from "zod";

/** What the timer reads from its environment. */
export const timerConfig = z.object({ ...baseConfig({ port: 7301 }) });

export type TimerConfig = z.output<typeof timerConfig>;

/** Reads the environment, or ends the process with a sentence per fault. */
export function readTimerConfig(): TimerConfig {
  return readConfig(timerConfig, process.env);
}
