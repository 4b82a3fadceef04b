import { createAssertions, createCustomerLinks } from "@crossline/access";
import { type Chassis, type RunningParts, type ServiceRooms, defineService, migrationsOf } from "@crossline/chassis";
import { type ServiceName, timelineKind, topicAccess, topics } from "@crossline/contracts";
import type { MailDomain } from "@crossline/domain";
import { lineMigrations } from "@crossline/projection";
import { type Http, type Loop, pressureOf } from "@crossline/service";
import { ensureOperator } from "./commands/parties.ts";
import { type IntakeSettings, intakeConfig, intakeSettings } from "./config.ts";
import { apply, readTypes } from "./consumers/events.ts";
import { type IntakeMetrics, createIntakeMetrics, registerGauges } from "./metrics.ts";
import { type Admission, createAdmission } from "./admission/admission.ts";
import { createAdmissionHooks } from "./admission/hooks.ts";
import { type MailParts, createMailParts } from "./mail/parts.ts";
import { serveAll } from "./routes/all.ts";
import { type RouteDeps, createRouteDeps } from "./routes/deps.ts";
import { createMergedOpenApi } from "./proxy/merged-openapi.ts";
import { expireRows } from "./store/expire.ts";
import { findHeads, readCaseIds, readHeads } from "./store/heads.ts";
import { removeRows } from "./store/removed-rows.ts";
import { startCanaries } from "./workers/canaries.ts";
import { startKeyUses } from "./workers/key-uses.ts";
import { startPressure } from "./workers/pressure.ts";
import { startTasks } from "./workers/tasks.ts";
import { connectRestDoor } from "./services/canary-doors.ts";
import { connectMailDoor } from "./services/canary-mail-door.ts";
import { type OperationsClient, connectOperations } from "./services/operations.ts";
import { ownHost } from "./services/own-host.ts";
import { type OtherServices, connectServices } from "./services/other-services.ts";
import { withSessions } from "./services/sessions.ts";

/**
 * The service intake, which owns cases, parties and timelines and serves the public address. The case writer, the consumer and four
 * concurrent contacts need 12 connections of the pool.
 */
export const intake = defineService({
  name: "intake",
  openapi: {
    title: "Crossline",
    description:
      "Carriers open cases, and clocks run on each case. A case that stalls crosses to the vendor automatically.",
  },
  config: intakeConfig,
  settings: intakeSettings,
  migrations: migrationsOf(import.meta, "@crossline/access", "@crossline/idempotency", lineMigrations),
  poolMax: 20,
  reads: {
    topics: topicAccess.intake.reads,
    types: readTypes,
    // Routing publishes an import's own line on the timeline of that import.
    ignores: (timeline, topic) => timelineKind(timeline) === "import" && topic !== topics.line,
    // Each fetch costs a transaction, so the consumer waits 50 ms for more records. People do not notice a delay of 50 ms.
    gatherMs: 50,
    heads: { [topics.case]: readHeads },
    findHeads: { [topics.case]: findHeads },
    knownKeys: readCaseIds,
    readyWithLosses: true,
  },
  publishes: topicAccess.intake.owns,
  removeRows,
  expire: expireRows,
  build: buildIntake,
});

function buildIntake(chassis: Chassis<IntakeSettings>): ServiceRooms {
  const { database, metrics, life, wakeRelay, settings } = chassis;
  const { addresses, internalKey, connectionsMax } = settings;
  const intakeMetrics = createIntakeMetrics(metrics);
  let wakeTasks = (): void => undefined;
  const services = connectServices(addresses, internalKey, () => wakeTasks());
  const assertions = createAssertions(internalKey);
  const customerLinks = createCustomerLinks(internalKey);
  const authenticate = withSessions(chassis.authenticate, {
    find: (hash) => services.findSession(hash),
    sign: (holder) => assertions.sign(holder),
    publicOrigin: settings.publicUrl,
  });
  life.add("connections to the other services", () => services.close());
  let wakePressure = (): void => undefined;
  const admission = createAdmission({
    requestsMax: settings.requestsMax,
    onBusy: () => wakePressure(),
    onRefused: (reason) => intakeMetrics.refused(reason),
  });
  const admissionHooks = createAdmissionHooks(admission, (key) => authenticate.findCached(key));
  const stopping = new AbortController();
  let canaryLoop: Loop | undefined;
  registerGauges(metrics, database, admission);
  const mail = createMailParts(chassis, { admission, count: intakeMetrics.mail });
  return {
    apply,
    onApplied: wakeRelay,
    async prepare() {
      await database.transaction((tx) => ensureOperator(tx, settings.operatorKey));
      await mail.prepare();
      wakeRelay();
    },
    workers(running) {
      const pressure = startWorkers(chassis, running, { admission, intakeMetrics, services });
      wakePressure = () => pressure.wake();
      return {};
    },
    http: {
      metricsKey: internalKey,
      connectionsMax,
      earlyResponder: admissionHooks.early,
      completeOpenApi: createMergedOpenApi(addresses),
    },
    async routes(http, running) {
      const { signal } = stopping;
      const canaries = {
        secret: internalKey,
        receivesMail: canaryMailDomain(settings, mail) !== undefined,
        wake: () => canaryLoop?.wake(),
      };
      const observeCaughtUp = intakeMetrics.caughtUp;
      const connections = { services, observeCaughtUp, canaries, signal, mailDomain: mail.domain() };
      const deps = { ...createRouteDeps(chassis, running, connections), authenticate };
      const tasks = startTaskLoop(chassis, deps);
      wakeTasks = () => tasks.wake();
      const address = () => settings.canaryUrl ?? ownAddress(http);
      canaryLoop = startCanaryLoop(chassis, deps, { intakeMetrics, mail, address });
      const operations = openOperations(chassis, http);
      const rooms = { addresses, internalKey, admissionHooks, admission, operations, customerLinks };
      const proxy = serveAll(http, { ...deps, ...rooms });
      life.add("connections of the proxy", () => proxy.close());
      await mail.start(deps);
    },
    onStopping() {
      stopping.abort();
      void canaryLoop?.stop(); // A canary would report that a process that stops is unreachable.
    },
  };
}

type WorkerDeps = {
  readonly admission: Admission;
  readonly intakeMetrics: IntakeMetrics;
  readonly services: OtherServices;
};

/** Starts two loops: one sets the rate limit, and the other saves the last use of each API key. */
function startWorkers(
  { database, log, addWorker, authenticate, settings }: Chassis<IntakeSettings>,
  running: RunningParts,
  { admission, intakeMetrics, services }: WorkerDeps,
) {
  const keyUses = startKeyUses(database, authenticate, log);
  addWorker("uses of keys", keyUses);
  const pressure = startPressure({
    admission,
    limit: settings.backlogLimit,
    log,
    observe: (backlog) => intakeMetrics.backlog(backlog),
    readPressures: async () => [await pressureOf(running), ...(await services.pressures())],
  });
  addWorker("pressure", pressure);
  return pressure;
}

/** Starts the loop that runs the tasks of intake. */
function startTaskLoop(
  { database, log, addWorker }: Chassis<IntakeSettings>,
  { lines, mailDomain, onCommitted }: RouteDeps,
): Loop {
  const loop = startTasks({ database, log, lines, mailDomain, onCommitted });
  addWorker("tasks", loop);
  return loop;
}

type CanaryParts = {
  readonly intakeMetrics: IntakeMetrics;
  readonly mail: MailParts;
  /** Returns the address of the REST door. */
  readonly address: () => string | undefined;
};

/** Starts the loop that runs canaries. */
function startCanaryLoop(
  { database, log, life, addWorker, settings }: Chassis<IntakeSettings>,
  { writeRequest }: RouteDeps,
  { intakeMetrics, mail, address }: CanaryParts,
): Loop {
  const rest = connectRestDoor(address);
  const mailDomain = canaryMailDomain(settings, mail);
  const smtp = () => {
    const url = settings.canarySmtpUrl ?? mail.ownUrl();
    return url === undefined ? undefined : { url, isOwn: settings.canarySmtpUrl === undefined };
  };
  life.add("connections of canaries", () => rest.stop());
  const loop = startCanaries({
    database,
    rest,
    mail: mailDomain === undefined ? undefined : connectMailDoor(mailDomain, smtp),
    secret: settings.internalKey,
    writeRequest,
    log,
    onMissed: (door) => intakeMetrics.canaryMissed(door),
  });
  addWorker("canaries", loop);
  return loop;
}

/** Opens the connections over which the operator reads the state of all services, including this one. */
function openOperations({ life, settings }: Chassis<IntakeSettings>, http: Http): OperationsClient {
  const { addresses, auditorUrl, internalKey } = settings;
  const addressOf = (service: ServiceName): string | undefined =>
    ({ ...addresses, auditor: auditorUrl, intake: ownAddress(http) })[service];
  const operations = connectOperations(addressOf, internalKey);
  life.add("connections of operations", () => operations.close());
  return operations;
}

/** Returns the domain of the mail door; undefined if this process knows no mail server for canaries. */
function canaryMailDomain({ mail: own, canarySmtpUrl }: IntakeSettings, mail: MailParts): MailDomain | undefined {
  return own?.port === undefined && canarySmtpUrl === undefined ? undefined : mail.domain();
}

/** Returns the URL at which this process reaches itself; undefined before its port is open. */
function ownAddress({ server }: Http): string | undefined {
  const address = server.address();
  if (address === null || typeof address === "string") return undefined;
  return `http://${ownHost(address.address)}:${address.port}`;
}
