import { type ClockEvent, type EventOf, type HandoffEvent, type Message, isFiring, topics } from "@crossline/contracts";
import { formatStart, isEnded, isStartedBy, isUnsolved, openHandoffOf, waitFor, readingOf } from "@crossline/domain";
import { nameOf } from "../broker.ts";
import { internalText } from "../case-commands.ts";
import { caseIdOf } from "../commands.ts";
import { lineOf } from "../lines.ts";
import type { ServiceName } from "../service-deps.ts";
import { inboxKeyOf } from "../store.ts";
import type { World } from "../world.ts";
import { checkCloses } from "./closing.ts";
import { checkCauses } from "./cause.ts";
import { checkMembership } from "./incident.ts";
import { checkReplay } from "./replay.ts";
import { must } from "./violation.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";

/** Checks the invariants of a whole run. The run ends with a time without faults, so every service must have applied every record. */
export function checkEnd(world: World): void {
  const { intake, timer, routing, broker } = world;
  must("1: nothing is lost", world.isQuiet(), () => `not caught up: ${describeBacklog(world)}`);
  for (const { command, result } of world.results) {
    for (const message of "refused" in result ? [] : result.messages) {
      const key = `${command.kind} of case ${command.caseNumber}`;
      must(
        "1: nothing is lost",
        broker.firstSentAt.has(nameOf(message)),
        () => `${key}: ${message.type} was never sent`,
      );
    }
  }
  for (const service of [intake, timer, routing] as const) {
    for (const topic of service.shell.reads) checkRead(world, service, topic);
  }
  for (const id of world.caseIds()) {
    const opened = intake.database.tables.cases.get(id)?.state;
    if (opened === undefined) continue;
    const clocks = timer.database.tables.cases.get(id)?.state;
    const crossing = routing.database.tables.cases.get(id)?.state;
    if (clocks === undefined || crossing === undefined) {
      const isUnopened = (["timer", "routing"] as const).some((name) => world.checks.losses.isUnopened(name, id));
      must("1: nothing is lost", isUnopened, () => `timer or routing does not know ${id}`);
      continue;
    }
    const snapshot: CaseSnapshot = {
      id,
      case: opened,
      clocks,
      crossing,
      caseEvents: broker.history(topics.case, id),
      clockEvents: broker.history(topics.clock, id) as Message[] as ClockEvent[],
      handoffEvents: broker.history(topics.handoff, id) as Message[] as HandoffEvent[],
    };
    checkFirings(snapshot);
    checkLine(snapshot);
    checkVisibility(world, snapshot);
    const isWhole = (...services: readonly ServiceName[]): boolean =>
      services.every((name) => world.checks.losses.isWhole(name, id));
    checkAgreement(snapshot, isWhole);
    if (isWhole("timer", "routing")) checkLastResort(world, snapshot);
    if (isWhole("timer", "routing", "intake")) checkPool(snapshot);
    if (isWhole("timer", "routing", "intake")) checkMembership(snapshot);
    if (isWhole("routing", "intake")) checkCauses(snapshot);
    if (isWhole("timer", "intake")) checkCloses(snapshot, world.checks.ledgers.at(id, opened.sequence)!);
    if (isWhole("timer")) checkReplay(snapshot, world);
  }
}

function describeBacklog({ intake, timer, routing }: World): string {
  return [intake, timer, routing]
    .filter((service) => !service.isQuiet())
    .map(
      ({ shell, database }) =>
        `${shell.name} (${database.tables.outbox.length} unsent, ${database.tables.held.length} held)`,
    )
    .join(", ");
}

/** Checks that the service has applied every record of a topic. */
function checkRead(
  world: World,
  { shell, database }: World["intake"] | World["timer"] | World["routing"],
  topic: string,
): void {
  for (const [name, log] of world.broker.logs) {
    if (!name.startsWith(topic)) continue;
    for (const record of log) {
      if (world.checks.losses.has(shell.name, record)) continue;
      const { applied } = database.tables.inbox.get(inboxKeyOf(record)) ?? { applied: 0 };
      must("1: nothing is lost", applied >= record.sequence, () => `${shell.name} has not applied ${nameOf(record)}`);
      const isApplied = world.checks.applied.get(shell.name)?.has(nameOf(record));
      must("1: nothing is lost", isApplied === true, () => `${shell.name} has skipped ${nameOf(record)}`);
    }
  }
}

function checkFirings({ id, case: opened, clocks, crossing, ...events }: CaseSnapshot): void {
  const counts = [
    [events.caseEvents, opened.sequence, topics.case],
    [events.clockEvents, clocks.sequence, topics.clock],
    [events.handoffEvents, crossing.sequence, topics.handoff],
  ] as const;
  for (const [published, sequence, topic] of counts) {
    const isWhole = published.length === sequence && published.every((event) => event !== undefined);
    must("1: nothing is lost", isWhole, () => `${topic} has ${published.length} of ${sequence} events of ${id}`);
  }
  const firings = events.clockEvents.flatMap((event) => (isFiring(event) ? [event.data.firingId] : []));
  must("2: at most once", new Set(firings).size === firings.length, () => `a threshold of ${id} fired twice`);
  const races = events.clockEvents.flatMap((event) => (event.type === "clock.overtaken" ? event.data.firingIds : []));
  must("2: at most once", new Set(races).size === races.length, () => `a firing of ${id} was overtaken twice`);
  const crossings = events.handoffEvents.flatMap((event) =>
    event.type === "handoff.offered" ? [event.data.firingId] : [],
  );
  const caused = crossings.filter((firing) => firing !== undefined);
  must("2: at most once", new Set(caused).size === caused.length, () => `a firing made ${id} cross twice`);
}

/** Checks that the services without lost records agree on the status, the holder and the open offer of a case. */
function checkAgreement(
  { id, case: opened, clocks, crossing }: CaseSnapshot,
  isWhole: (...services: readonly ServiceName[]) => boolean,
): void {
  const invariant = "3: one holder, a running clock, times that add up";
  const states = [
    ["intake", opened],
    ["timer", clocks],
    ["routing", crossing],
  ] as const;
  const complete = states.filter(([name]) => isWhole(name)).map(([, state]) => state);
  const statuses = complete.map(({ status }) => status);
  must(invariant, new Set(statuses).size <= 1, () => `${id} is ${statuses.join(", ")}`);
  const holders = complete.map(({ holder }) => holder);
  must(invariant, new Set(holders).size <= 1, () => `${id} is held by ${holders.join(", ")}`);
  if (!isWhole("intake", "routing")) return;
  const offers = [opened.handoff, openHandoffOf(crossing)].map((handoff) => {
    const lease = handoff !== undefined && "leaseUntil" in handoff ? ` until ${handoff.leaseUntil}` : "";
    return `${handoff?.id} ${handoff?.phase}${lease}`;
  });
  must(invariant, offers[0] === offers[1], () => `the open hand-offs of ${id} are ${offers.join(" and ")}`);
  const calls = [
    opened.lastResortCalls > 0 && isUnsolved(opened.status),
    waitFor(crossing, "last-resort") !== undefined,
  ];
  must(
    invariant,
    calls[0] === calls[1],
    () => `intake and routing disagree whether the last resort of ${id} is called`,
  );
}

/** Checks that calls of the last resort repeat at the right intervals until a take, and that an open offer will lapse. */
function checkLastResort({ scheduler }: World, { id, clocks, crossing, handoffEvents }: CaseSnapshot): void {
  const invariant = "4: the end of a line causes pages";
  for (const [index, event] of handoffEvents.entries()) {
    if (event.type !== "line.exhausted") continue;
    must(
      invariant,
      handoffEvents[index + 1]?.type === "last-resort.called",
      () => `${id}: no call follows line.exhausted`,
    );
  }
  const { status } = crossing;
  const calling = waitFor(crossing, "last-resort");
  const open = openHandoffOf(crossing);
  if (isEnded(status) || lineOf(crossing.line).observe) return;
  if (calling !== undefined) {
    const clock = clocks.clocks.find(({ kind }) => kind === "last-resort");
    const calledBy = { by: "handoff", sequence: calling.sequence } as const;
    const isRunning =
      clock !== undefined && formatStart(clock.start) === formatStart(calledBy) && clock.fired.length === 0;
    must(invariant, isRunning, () => `${id}: no clock calls the last resort again after call ${calling.call}`);
    const waitMs = Math.min(2 ** (calling.call - 1), 60) * 60_000;
    const since = scheduler.now - (clock?.startedAt ?? -Infinity);
    must(invariant, since <= waitMs + 1_000, () => `${id}: the last resort was last called ${since} ms ago`);
  }
  if (open !== undefined && open.phase !== "accepted") {
    const clock = clocks.clocks.find(({ kind, start }) => kind === "vendor.acceptance" && isStartedBy(start, open.id));
    must(
      invariant,
      clock !== undefined && clock.fired.length < clock.thresholds.length,
      () => `${id}: its offer never lapses`,
    );
  }
}

/**
 * Checks that an assignment to a pool lapses without a claim, that intake shows it, and that no assignment changes the holder. Only the
 * assignment of a case that waits for a claim has a clock.
 */
function checkPool({ id, case: opened, clocks, crossing, handoffEvents }: CaseSnapshot): void {
  const invariant = "4: an assignment to a pool ends";
  const open = waitFor(crossing, "pool")?.assignment;
  must(invariant, opened.pool?.assignmentId === open?.id, () => `intake and routing disagree about the pool of ${id}`);
  if (isEnded(crossing.status) || lineOf(crossing.line).observe) return;
  const running = clocks.clocks.filter(({ start }) => start.by === "pool");
  const awaited = open?.phase === "assigned" ? [open.id] : [];
  must(
    invariant,
    running.length === awaited.length && running.every(({ start }) => isStartedBy(start, awaited[0] ?? "")),
    () => `${id}: the clocks of its pool are ${running.map(({ start }) => formatStart(start)).join()}`,
  );
  must(
    invariant,
    running.every(({ fired, thresholds, charged }) => fired.length < thresholds.length && charged === opened.carrier),
    () => `${id}: its assignment never lapses`,
  );
  const ids = handoffEvents.flatMap((event) => (event.type === "pool.assigned" ? [event.data.assignmentId] : []));
  must(invariant, new Set(ids).size === ids.length, () => `${id} has two assignments with one id`);
}

function checkLine({ id, case: opened, clocks, crossing, caseEvents, handoffEvents }: CaseSnapshot): void {
  const opening = caseEvents[0] as EventOf<"case.opened"> | undefined;
  const versions = [opened, clocks, crossing].map(({ line }) => `${line.name}@${line.version}`);
  versions.push(`${opening?.data.line.name}@${opening?.data.line.version}`);
  must("5: a case keeps its line", new Set(versions).size === 1, () => `${id} is under ${versions.join(", ")}`);
  const line = lineOf(opened.line);
  for (const event of handoffEvents) {
    // The queue of a transfer comes from the command, not from the line.
    if (event.type !== "handoff.offered" || event.data.reason === "transferred") continue;
    const step = line.crossing[event.data.step];
    const isOfLine = step?.kind === "queue" && step.queue === event.data.queue;
    must("5: a case keeps its line", isOfLine, () => `${id} crossed to ${event.data.queue}, no step of ${versions[0]}`);
  }
  must(
    "5: a case keeps its line",
    !line.observe || handoffEvents.length === 0,
    () => `${id} crossed under an observing line`,
  );
}

/** Checks that only vendors with an offer of the case get records of it, and that no record has an internal entry. */
function checkVisibility({ broker, results, story }: World, { id, case: opened, handoffEvents }: CaseSnapshot): void {
  const invariant = "8: only the companies of a case read it";
  const offered = handoffEvents.flatMap((event) => (event.type === "handoff.offered" ? [event.data.vendor] : []));
  const vendors = new Set(offered);
  must(
    invariant,
    readingOf(opened).vendors.every((vendor) => vendors.has(vendor)),
    () => `${readingOf(opened).vendors.join()} can read ${id}`,
  );
  for (const [name, log] of broker.logs) {
    if (!name.startsWith("crossline.queue.")) continue;
    const vendor = name.split(".")[2]!;
    for (const record of log.filter(({ key }) => key === id)) {
      must(invariant, vendors.has(vendor), () => `${vendor} has a record of ${id}`);
      must(
        invariant,
        !JSON.stringify(record.data).includes(internalText),
        () => `${vendor} reads an internal entry of ${id}`,
      );
    }
  }
  for (const { command, result } of results) {
    if (command.kind !== "foreign-entry" || caseIdOf(story.seed, command.caseNumber) !== id) continue;
    must(invariant, "refused" in result, () => `a company without access added an entry to ${id}`);
  }
}
