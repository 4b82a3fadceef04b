import { baseConfig } from "@crossline/service";
import { z } from "zod";

/** The variables that the timer reads from its environment. */
export const timerConfig = z.object({ ...baseConfig({ port: 7301 }) });
