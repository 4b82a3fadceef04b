import { type TimelineReport, timelineReport } from "@crossline/contracts";
import { countTimeline } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type ServicePressure, pressure } from "@crossline/service";
import { Pool } from "undici";
import { z } from "zod";
import type { IntakeSettings } from "../config.ts";

/** The services that take part in a timeline. */
export type TimelineService = "intake" | "timer" | "routing" | "notification";

/** The counts of each service; undefined where it does not answer. */
export type TimelineReports = Readonly<Record<TimelineService, TimelineReport | undefined>>;

/** Asks the other services. */
export type OtherServices = {
  /** One look at all parts; `own` is where this service's counts are. */
  timelineReports(own: Database, timeline: string): Promise<TimelineReports>;
  /** What the timer says of a case's clocks, to who may see it; undefined where it does not answer. */
  clocksOf(caseId: string, authorization: string): Promise<ClocksOfCase | undefined>;
  /** Whether routing, which decides who reads a case, knows the party as one that does; false where it does not answer. */
  isReader(caseId: string, party: string): Promise<boolean>;
  /** What waits in each of the other parts; undefined where one does not answer at once. */
  pressures(): Promise<readonly (ServicePressure | undefined)[]>;
  close(): Promise<void>;
};

const pressureWithinMs = 1_000;
const answerWithinMs = 2_000;

/** What of the timer's answer a merge needs. */
const clocksOfCase = z.object({
  asOf: z.int(),
  clocks: z.array(
    z.object({
      clock: z.string(),
      kind: z.string(),
      charged: z.string(),
      state: z.enum(["running", "waiting", "breached", "ended"]),
      remainingMs: z.int(),
      thresholds: z.array(z.object({ percent: z.int(), dueAt: z.string().optional() })),
    }),
  ),
});
type ClocksOfCase = z.infer<typeof clocksOfCase>;

export type ServiceAddresses = IntakeSettings["addresses"];

/** Kept-alive connections to the internal routes of the other services. */
export function connectServices(addresses: ServiceAddresses, internalKey: string): OtherServices {
  const open = (url: string) =>
    new Pool(url, { connections: 8, headersTimeout: answerWithinMs, bodyTimeout: answerWithinMs });
  const pools = {
    timer: open(addresses.timer),
    routing: open(addresses.routing),
    notification: open(addresses.notification),
  };
  const headers = { authorization: `Bearer ${internalKey}` };

  async function ask(pool: Pool, timeline: string): Promise<TimelineReport | undefined> {
    try {
      const answer = await pool.request({ path: `/internal/timelines/${timeline}`, method: "GET", headers });
      if (answer.statusCode === 200) return timelineReport.parse(await answer.body.json());
      await answer.body.dump();
      return undefined;
    } catch {
      return undefined; // asked again a moment later
    }
  }

  async function askPressure(pool: Pool): Promise<ServicePressure | undefined> {
    try {
      const signal = AbortSignal.timeout(pressureWithinMs);
      const answer = await pool.request({ path: "/internal/pressure", method: "GET", headers, signal });
      if (answer.statusCode === 200) return pressure.parse(await answer.body.json());
      await answer.body.dump();
      return undefined;
    } catch {
      return undefined; // asked again a moment later
    }
  }

  return {
    async clocksOf(caseId, authorization) {
      try {
        const path = `/v1/cases/${caseId}/clocks`;
        const answer = await pools.timer.request({ path, method: "GET", headers: { authorization } });
        if (answer.statusCode === 200) return clocksOfCase.parse(await answer.body.json());
        await answer.body.dump();
        return undefined;
      } catch {
        return undefined; // asked again a moment later
      }
    },
    async isReader(caseId, party) {
      try {
        const path = `/internal/cases/${caseId}/readers/${party}`;
        const answer = await pools.routing.request({ path, method: "GET", headers });
        if (answer.statusCode === 200) return ((await answer.body.json()) as { reads: boolean }).reads;
        await answer.body.dump();
        return false;
      } catch {
        return false;
      }
    },
    pressures: () => Promise.all(Object.values(pools).map(askPressure)),
    async timelineReports(own, timeline) {
      const [intake, timer, routing, notification] = await Promise.all([
        countTimeline(own, timeline),
        ask(pools.timer, timeline),
        ask(pools.routing, timeline),
        ask(pools.notification, timeline),
      ]);
      return { intake, timer, routing, notification };
    },
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
    },
  };
}
