import { baseConfig, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The variables that the auditor reads from its environment. */
export const auditorConfig = z.object({
  ...baseConfig({ port: 7304 }),
  AUDIT_GRACE_MS: wholeNumber(1_000, 3_600_000).default(60_000).meta({
    description:
      "how long after its due instant, with everything read, a firing may be missing before it counts as missed",
  }),
  AUDIT_LATE_MS: wholeNumber(100, 3_600_000)
    .default(10_000)
    .meta({ description: "how late a firing may be on the wall before it is reported as late" }),
  AUDIT_HEARTBEAT_MS: wholeNumber(100, 600_000)
    .default(5_000)
    .meta({ description: "how often the auditor publishes how far it has come" }),
});

export type AuditorSettings = {
  readonly graceMs: number;
  readonly lateMs: number;
  readonly heartbeatMs: number;
};

/** The auditor's own settings, as its rooms take them. */
export function auditorSettings(config: z.output<typeof auditorConfig>): AuditorSettings {
  return {
    graceMs: config.AUDIT_GRACE_MS,
    lateMs: config.AUDIT_LATE_MS,
    heartbeatMs: config.AUDIT_HEARTBEAT_MS,
  };
}
