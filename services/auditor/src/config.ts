import { topics } from "@crossline/contracts";
import { baseConfig, serviceUrl, wholeNumber } from "@crossline/service";
import { z } from "zod";

/** The variables that the auditor reads from its environment. */
export const auditorConfig = z.object({
  ...baseConfig({ port: 7304 }),
  INTAKE_URL: serviceUrl.default("http://127.0.0.1:7300").meta({ description: "the URL of intake" }),
  TIMER_URL: serviceUrl.default("http://127.0.0.1:7301").meta({ description: "the URL of the timer" }),
  ROUTING_URL: serviceUrl.default("http://127.0.0.1:7302").meta({ description: "the URL of routing" }),
  AUDIT_GRACE_MS: wholeNumber(1_000, 3_600_000).default(60_000).meta({
    description: "the time without unread records after a deadline, after which a firing counts as missed",
  }),
  AUDIT_LATE_MS: wholeNumber(100, 3_600_000)
    .default(10_000)
    .meta({ description: "the lateness on the wall timeline above which the auditor reports a firing as late" }),
  AUDIT_HEARTBEAT_MS: wholeNumber(100, 600_000)
    .default(5_000)
    .meta({ description: "the interval between the auditor's heartbeats" }),
});

export type AuditorSettings = {
  readonly graceMs: number;
  readonly lateMs: number;
  readonly heartbeatMs: number;
  /** The URLs of the owners of the audited topics, by topic. Undefined: the auditor does not search for forged records. */
  readonly owners?: Readonly<Record<string, string>>;
};

/** Returns the auditor's own settings. */
export function auditorSettings(config: z.output<typeof auditorConfig>): AuditorSettings {
  return {
    graceMs: config.AUDIT_GRACE_MS,
    lateMs: config.AUDIT_LATE_MS,
    heartbeatMs: config.AUDIT_HEARTBEAT_MS,
    owners: {
      [topics.case]: config.INTAKE_URL,
      [topics.clock]: config.TIMER_URL,
      [topics.handoff]: config.ROUTING_URL,
    },
  };
}
