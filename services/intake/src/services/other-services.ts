import { type FoundSession, foundSession } from "@crossline/access";
import {
  type CustomerSteps,
  type TimelineReport,
  customerSteps,
  formatInstant,
  timelineReport,
} from "@crossline/contracts";
import { countTimeline } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type ServicePressure, pressure } from "@crossline/service";
import { Pool } from "undici";
import { z } from "zod";
import type { IntakeSettings } from "../config.ts";
import { reportTasks } from "../store/tasks.ts";

/** A service that applies records of a timeline. */
type TimelineService = "intake" | "timer" | "routing" | "notification";

/** The counts of each service, or undefined for a service that does not respond. */
export type TimelineReports = Readonly<Record<TimelineService, TimelineReport | undefined>> & {
  /** Present only for a read of the console. */
  readonly console?: TimelineReport | undefined;
};

/** Sends internal requests to the other services. */
export type OtherServices = {
  /** Reads the counts of all services once. `own` is intake's database, which contains intake's own counts. */
  timelineReports(own: Database, timeline: string): Promise<TimelineReports>;
  /** Reads the counts of the console too. Only reads of the console wait for it, because no escalation may depend on it. */
  timelineReportsWithConsole(own: Database, timeline: string): Promise<TimelineReports>;
  /**
   * Reads the clocks of a case from the timer. The timer checks the caller's rights. Returns undefined if the timer does not respond.
   */
  clocksOf(caseId: string, authorization: string): Promise<ClocksOfCase | undefined>;
  /** Returns true if routing already lets the party read the case. Returns false if routing does not respond. */
  isReader(caseId: string, party: string): Promise<boolean>;
  /** Reads the history of a case that its customer may read from the console. Returns undefined if the console does not respond. */
  customerSteps(caseId: string): Promise<CustomerSteps | undefined>;
  /** Returns the open session with this hash from the console. Rejects if the console does not respond. */
  findSession(hash: string): Promise<FoundSession | undefined>;
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

/** Opens a pool of connections to each of the other services. Calls `onTasksWaiting` when a report finds tasks that are due. */
export function connectServices(
  addresses: ServiceAddresses,
  internalKey: string,
  onTasksWaiting: () => void,
): OtherServices {
  const open = (url: string) =>
    new Pool(url, { connections: 8, headersTimeout: respondWithinMs, bodyTimeout: respondWithinMs });
  const pools = {
    timer: open(addresses.timer),
    routing: open(addresses.routing),
    notification: open(addresses.notification),
  };
  const consolePool = open(addresses.console);
  const headers = { authorization: `Bearer ${internalKey}` };

  const readReport = (pool: Pool, timeline: string): Promise<TimelineReport | undefined> =>
    readJson(pool, { path: `/internal/timelines/${timeline}`, headers }, (body) => timelineReport.parse(body));
  const readPressure = (pool: Pool): Promise<ServicePressure | undefined> =>
    readJson(pool, { path: "/internal/pressure", headers, signal: AbortSignal.timeout(pressureWithinMs) }, (body) =>
      pressure.parse(body),
    );

  async function timelineReports(own: Database, timeline: string): Promise<TimelineReports> {
    const [counts, tasks, timer, routing, notification] = await Promise.all([
      countTimeline(own, timeline),
      reportTasks(own, timeline),
      readReport(pools.timer, timeline),
      readReport(pools.routing, timeline),
      readReport(pools.notification, timeline),
    ]);
    if (tasks.waiting > 0) onTasksWaiting();
    const earliestDue = tasks.earliestDue === undefined ? {} : { earliestDue: formatInstant(tasks.earliestDue) };
    const intake = { ...counts, ...earliestDue, waiting: tasks.waiting };
    return { intake, timer, routing, notification };
  }

  return {
    clocksOf: (caseId, authorization) =>
      readJson(pools.timer, { path: `/v1/cases/${caseId}/clocks`, headers: { authorization } }, (body) =>
        clocksOfCase.parse(body),
      ),
    async isReader(caseId, party) {
      const path = `/internal/cases/${caseId}/readers/${party}`;
      return (await readJson(pools.routing, { path, headers }, (body) => (body as { reads: boolean }).reads)) ?? false;
    },
    customerSteps: (caseId) =>
      readJson(consolePool, { path: `/internal/cases/${caseId}/customer-steps`, headers }, (body) =>
        customerSteps.parse(body),
      ),
    async findSession(hash) {
      const response = await consolePool.request({ path: `/internal/sessions/${hash}`, headers, method: "GET" });
      const body = await response.body.json();
      if (response.statusCode === 404) return undefined;
      if (response.statusCode !== 200) throw new Error(`the console answered ${response.statusCode}`);
      return foundSession.parse(body);
    },
    pressures: () => Promise.all(Object.values(pools).map(readPressure)),
    timelineReports,
    async timelineReportsWithConsole(own, timeline) {
      const [reports, report] = await Promise.all([timelineReports(own, timeline), readReport(consolePool, timeline)]);
      return { ...reports, console: report };
    },
    async close() {
      await Promise.all([...Object.values(pools), consolePool].map((pool) => pool.close()));
    },
  };
}

type JsonRequest = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Returns the body of a response with 200. Returns undefined for any other response and for no response; the caller polls again. */
async function readJson<Body>(
  pool: Pool,
  request: JsonRequest,
  parse: (body: unknown) => Body,
): Promise<Body | undefined> {
  try {
    const response = await pool.request({ ...request, method: "GET" });
    if (response.statusCode === 200) return parse(await response.body.json());
    await response.body.dump();
    return undefined;
  } catch {
    return undefined;
  }
}
