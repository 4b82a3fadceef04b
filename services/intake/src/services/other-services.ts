import { type TimelineReport, timelineReport } from "@crossline/contracts";
import { countTimeline } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type ServicePressure, pressure } from "@crossline/service";
import { Pool } from "undici";
import { z } from "zod";
import type { IntakeSettings } from "../config.ts";

/** A service that applies records of a timeline. */
export type TimelineService = "intake" | "timer" | "routing" | "notification";

/** The counts of each service, or undefined for a service that does not respond. */
export type TimelineReports = Readonly<Record<TimelineService, TimelineReport | undefined>>;

/** Sends internal requests to the other services. */
export type OtherServices = {
  /** Reads the counts of all services once. `own` is intake's database, which contains intake's own counts. */
  timelineReports(own: Database, timeline: string): Promise<TimelineReports>;
  /**
   * Reads the clocks of a case from the timer. The timer checks the caller's rights. Returns undefined if the timer does not respond.
   */
  clocksOf(caseId: string, authorization: string): Promise<ClocksOfCase | undefined>;
  /** Returns true if routing already lets the party read the case. Returns false if routing does not respond. */
  isReader(caseId: string, party: string): Promise<boolean>;
  /** Returns the pressure of each other service, or undefined for a service that does not respond within a second. */
  pressures(): Promise<readonly (ServicePressure | undefined)[]>;
  close(): Promise<void>;
};

const pressureWithinMs = 1_000;
const respondWithinMs = 2_000;

/** The fields that a merge and a draft apology need from the timer's response. */
const clocksOfCase = z.object({
  asOf: z.int(),
  clocks: z.array(
    z.object({
      clock: z.string(),
      kind: z.string(),
      charged: z.string(),
      state: z.enum(["running", "waiting", "breached", "ended"]),
      remainingMs: z.int(),
      endedAt: z.string().optional(),
      thresholds: z.array(z.object({ percent: z.int(), dueAt: z.string().optional(), firedAt: z.string().optional() })),
    }),
  ),
});
type ClocksOfCase = z.infer<typeof clocksOfCase>;

export type ServiceAddresses = IntakeSettings["addresses"];

/** Opens a pool of connections to each of the other services. */
export function connectServices(addresses: ServiceAddresses, internalKey: string): OtherServices {
  const open = (url: string) =>
    new Pool(url, { connections: 8, headersTimeout: respondWithinMs, bodyTimeout: respondWithinMs });
  const pools = {
    timer: open(addresses.timer),
    routing: open(addresses.routing),
    notification: open(addresses.notification),
  };
  const headers = { authorization: `Bearer ${internalKey}` };

  async function readReport(pool: Pool, timeline: string): Promise<TimelineReport | undefined> {
    try {
      const response = await pool.request({ path: `/internal/timelines/${timeline}`, method: "GET", headers });
      if (response.statusCode === 200) return timelineReport.parse(await response.body.json());
      await response.body.dump();
      return undefined;
    } catch {
      return undefined; // the caller polls again
    }
  }

  async function readPressure(pool: Pool): Promise<ServicePressure | undefined> {
    try {
      const signal = AbortSignal.timeout(pressureWithinMs);
      const response = await pool.request({ path: "/internal/pressure", method: "GET", headers, signal });
      if (response.statusCode === 200) return pressure.parse(await response.body.json());
      await response.body.dump();
      return undefined;
    } catch {
      return undefined; // the caller polls again
    }
  }

  return {
    async clocksOf(caseId, authorization) {
      try {
        const path = `/v1/cases/${caseId}/clocks`;
        const response = await pools.timer.request({ path, method: "GET", headers: { authorization } });
        if (response.statusCode === 200) return clocksOfCase.parse(await response.body.json());
        await response.body.dump();
        return undefined;
      } catch {
        return undefined; // the caller polls again
      }
    },
    async isReader(caseId, party) {
      try {
        const path = `/internal/cases/${caseId}/readers/${party}`;
        const response = await pools.routing.request({ path, method: "GET", headers });
        if (response.statusCode === 200) return ((await response.body.json()) as { reads: boolean }).reads;
        await response.body.dump();
        return false;
      } catch {
        return false;
      }
    },
    pressures: () => Promise.all(Object.values(pools).map(readPressure)),
    async timelineReports(own, timeline) {
      const [intake, timer, routing, notification] = await Promise.all([
        countTimeline(own, timeline),
        readReport(pools.timer, timeline),
        readReport(pools.routing, timeline),
        readReport(pools.notification, timeline),
      ]);
      return { intake, timer, routing, notification };
    },
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
    },
  };
}
