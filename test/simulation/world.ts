import { type Instant, parseInstant, topics } from "@crossline/contracts";
import type { CaseClocks, CaseCrossing, CaseState } from "@crossline/domain";
import { Broker, type FetchedRecord, nameOf, partitions } from "./broker.ts";
import {
  type CommandResult,
  caseIdOf,
  executeAtIntake,
  executeAtRouting,
  executeOnce,
  serviceOf,
  describeResult,
} from "./commands.ts";
import { Checks } from "./invariants/checks.ts";
import { Violation } from "./invariants/violation.ts";
import { keyOf, lines, publicationOf } from "./lines.ts";
import type { Mutant } from "./mutants.ts";
import { type Random, seeded } from "./random.ts";
import { type Rules, domainRules } from "./rules.ts";
import { Signal, type Replica, Scheduler, type Steps } from "./scheduler.ts";
import { Service } from "./service.ts";
import { intakeShell, routingShell, timerShell } from "./shells.ts";
import type { Fault } from "./faults.ts";
import type { Command } from "./kinds.ts";
import type { Story } from "./story.ts";
import type { ServiceName, ServiceDeps } from "./service-deps.ts";

/** The mutant and the rules that a run uses instead of the correct shells and rules. */
export type SystemVariant = { readonly mutant?: Mutant | undefined; readonly rules?: Rules | undefined };

const begin = parseInstant("2026-03-07T14:00:00Z");
/** The time before the first command. */
const leadMs = 1_000;
const patienceMs = 20_000;
// Clients that repeat their requests during a freeze of 18 minutes need up to 273,000 awaits.
const stepsMax = 400_000;
const settleMs = 120_000;
const takeoverMs = 5_000;

/** Runs one story: three services, the topics between them, the clients and the faults. */
export class World {
  readonly scheduler = new Scheduler(begin);
  readonly broker: Broker;
  readonly intake: Service<CaseState>;
  readonly timer: Service<CaseClocks>;
  readonly routing: Service<CaseCrossing>;
  readonly checks: Checks;
  readonly results: { readonly command: Command; readonly result: CommandResult }[] = [];
  readonly narrative: string[] = [];
  readonly story: Story;
  readonly rules: Rules;
  readonly #random: Random;
  readonly #narrates: boolean;
  readonly #faults: Fault[];
  #isCalm = false;
  #troubledUntil = -Infinity;

  constructor(story: Story, { mutant, rules = domainRules }: SystemVariant, narrates: boolean) {
    this.story = story;
    this.rules = rules;
    this.#random = seeded(story.seed + 1_000_003);
    this.#narrates = narrates;
    this.#faults = [...story.faults];
    this.broker = new Broker((topic, partition) => {
      for (const service of this.#services()) service.onAppend(topic, partition);
    });
    this.checks = new Checks({ scheduler: this.scheduler, broker: this.broker });
    const { checks } = this;
    const deps: ServiceDeps = {
      scheduler: this.scheduler,
      broker: this.broker,
      mutant,
      latency: () => this.#latency(),
      onApplied: (service, records) => this.#onApplied(service, records),
      onGap: (service, record, missing) => checks.onGap(service, record, missing),
      onLost: (service, records) => this.#onLost(service, records),
      isUnopened: (service, caseId) => checks.losses.isUnopened(service, caseId),
    };
    const timer = timerShell(rules, checks.onDecided, checks.onFired);
    this.intake = new Service(intakeShell(rules, checks.onIntakeRead), deps, checks.onIntake);
    this.timer = new Service(timer, deps, checks.onTimer);
    this.routing = new Service(routingShell(rules, checks.onReacted), deps, checks.onRouting);
    this.scheduler.beforeStep = (replica) => this.#beforeStep(replica);
  }

  /** Plays the story to its end. Throws the first violation of an invariant of a single commit or decision. */
  run(): void {
    const { scheduler, story } = this;
    const published = lines.filter(({ ref }) => ref.version === 1);
    this.routing.database.tables.outbox.push(
      ...published.map((line, index) => ({ id: -9 + index, message: publicationOf(line, begin) })),
    );
    for (const { ref } of published) this.routing.database.tables.responses.set(keyOf(ref), true);
    for (const service of this.#services()) {
      for (const partition of partitions) service.assign(partition, service.replicas[partition % 2]!);
      service.relayFrom(service.replicas[0]);
    }
    for (const command of story.commands) scheduler.start(this.#client(command), undefined, leadMs + command.atMs);
    const last = Math.max(0, ...story.commands.map(({ atMs }) => atMs));
    this.#runUntil(begin + leadMs + last);
    this.#faults.length = 0;
    this.#isCalm = true;
    this.#runUntil(Math.max(scheduler.now, this.#troubledUntil) + story.calmMs);
    // The services get a short time to apply the latest firings. In a longer time, further thresholds would become due.
    for (let waitedMs = 0; waitedMs < settleMs && !this.isQuiet(); waitedMs += 500) this.#runUntil(scheduler.now + 500);
  }

  caseIds(): string[] {
    return [...new Set(this.story.commands.map(({ caseNumber }) => caseIdOf(this.story.seed, caseNumber)))];
  }

  #runUntil(end: Instant): void {
    this.scheduler.runUntil(end);
    if (this.scheduler.steps > stepsMax) throw new Violation("1: nothing is lost", "the services are never caught up");
  }

  isQuiet(): boolean {
    return this.#services().every((service) => service.isQuiet());
  }

  #services() {
    return [this.intake, this.timer, this.routing] as const;
  }

  #latency(): number {
    if (!this.story.isJittered) return 1;
    const random = this.#random;
    return this.#isCalm || random.chance(0.95) ? random.below(8) : random.below(400);
  }

  /** A client that repeats its request with the same idempotency key until it has a response. */
  *#client(command: Command): Steps {
    const service = serviceOf(command) === "intake" ? this.intake : this.routing;
    const reply: { result: CommandResult | undefined; readonly signal: Signal } = {
      result: undefined,
      signal: new Signal(),
    };
    for (let attempt = 0; reply.result === undefined; attempt++) {
      const replica = service.replicas[(command.number + attempt) % 2]!;
      this.scheduler.start(this.#handle(command, reply), replica);
      yield { signal: reply.signal, until: this.scheduler.now + patienceMs };
    }
    this.results.push({ command, result: reply.result });
    this.narrate(() => `case ${command.caseNumber} ${command.kind}: ${describeResult(reply.result)}`);
  }

  *#handle(command: Command, reply: { result: CommandResult | undefined; readonly signal: Signal }): Steps {
    const key = `command ${command.number}`;
    const caseId = caseIdOf(this.story.seed, command.caseNumber);
    const { intake, routing, rules, scheduler, checks } = this;
    const latency = (): number => this.#latency();
    yield { forMs: latency() };
    const result =
      serviceOf(command) === "intake"
        ? yield* intake.database.transaction(latency, (tx) =>
            executeOnce(tx.responses, key, () => {
              const before = tx.cases.get(caseId)?.state;
              const executed = executeAtIntake(tx, command, { caseId, rules, now: scheduler.now });
              checks.onResult(command, executed, before);
              return executed;
            }),
          )
        : yield* routing.database.transaction(latency, (tx) =>
            executeOnce(tx.responses, key, () => executeAtRouting(tx, command, { caseId, rules, now: scheduler.now })),
          );
    yield { forMs: latency() };
    reply.result = result;
    reply.signal.raise();
  }

  #onApplied(service: ServiceName, records: readonly FetchedRecord[]): void {
    this.checks.onApplied(service, records);
    for (const record of records)
      if (record.type !== "line.published") this.narrate(() => `${service} applies ${record.type} (${nameOf(record)})`);
  }

  #onLost(service: ServiceName, records: readonly FetchedRecord[]): void {
    for (const record of records) {
      this.checks.losses.add(service, record);
      this.narrate(() => `${service} has lost ${record.type} (${nameOf(record)})`);
    }
  }

  #beforeStep(replica: Replica): void {
    if (this.scheduler.steps > stepsMax) throw new Violation("1: nothing is lost", "the services are never caught up");
    for (const [index, fault] of this.#faults.entries()) {
      const service = this[fault.service];
      if (service.replicas[fault.replica] !== replica || replica.awaits < fault.atAwait) continue;
      if (fault.fromMs !== undefined && this.scheduler.now < begin + leadMs + fault.fromMs) continue;
      // Postgres ends the transaction of a frozen process. A freeze outside a transaction has the same effect as one inside, and is simpler.
      if (fault.kind === "zombie" && service.database.isLocked) continue;
      // The worst moment for a freeze is after the scanner has checked that it may fire. The scanner then fires as soon
      // as the replica resumes.
      const waitsForMoment = fault.kind === "zombie" && fault.service === "timer" && fault.choice % 4 > 0;
      if (waitsForMoment && !service.isAboutToFire(replica)) continue;
      this.#faults.splice(index, 1);
      this.narrate(() => `!! ${replica.name}: ${fault.kind}${fault.kind === "crash" ? "" : ` (${fault.forMs} ms)`}`);
      this.#inject(fault, service, replica);
      return;
    }
  }

  #inject(
    fault: Fault,
    service: Service<CaseState> | Service<CaseClocks> | Service<CaseCrossing>,
    replica: Replica,
  ): void {
    const { scheduler, broker } = this;
    const { forMs, choice } = fault;
    const other = service.replicas[1 - fault.replica]!;
    const thawed = Math.max(scheduler.now, other.frozenUntil, replica.frozenUntil);
    this.#troubledUntil = Math.max(this.#troubledUntil, thawed + takeoverMs + 2 * forMs);
    switch (fault.kind) {
      case "crash": {
        scheduler.crash(replica);
        const next = choice % 2 === 0 ? replica : other;
        for (const partition of partitions) service.assign(partition, next, forMs);
        return service.relayFrom(next, forMs);
      }
      case "freeze":
        replica.frozenUntil = scheduler.now + forMs;
        return;
      case "zombie": // The group assigns the partitions to the other replica. Later the frozen replica resumes.
        replica.frozenUntil = scheduler.now + forMs;
        for (const partition of partitions) service.assign(partition, other, takeoverMs, forMs);
        return service.relayFrom(other, takeoverMs);
      case "trim":
        for (const one of service.replicas) one.frozenUntil = Math.max(one.frozenUntil, scheduler.now + forMs);
        return scheduler.start(this.#trim(fault));
      case "rebalance":
        return service.assign(choice % 2, other);
      case "takeover":
        return service.relayFrom(other);
      case "delay":
        service.delayed.set(service.shell.reads[choice % service.shell.reads.length]!, scheduler.now + forMs);
        return;
      case "outage":
        broker.awayUntil = scheduler.now + forMs;
        return;
      case "unsent":
        service.unsentUntil = scheduler.now + forMs;
        return;
      case "repeat":
        return this.#repeat(service.shell.reads[choice % service.shell.reads.length]!, choice);
    }
  }

  /** On the topics of a service, deletes the records that all other services have read. */
  *#trim({ service: name, forMs }: Fault): Steps {
    yield { forMs: forMs - 1 }; // The records are deleted 1 ms before the service resumes.
    const others = this.#services().filter(({ shell }) => shell.name !== name);
    for (const topic of this[name].shell.reads.filter((read) => read !== topics.line)) {
      const readers = others.filter(({ shell }) => shell.reads.includes(topic));
      for (const partition of partitions) {
        const read = readers.map(({ database }) => database.tables.positions.get(`${topic}/${partition}`) ?? 0);
        this.broker.trim(topic, partition, Math.min(this.broker.log(topic, partition).length, ...read));
      }
    }
  }

  /** Appends the last records of a topic again, as a relay does after a failed send. */
  #repeat(topic: string, choice: number): void {
    const log = this.broker.log(topic, choice % 2);
    for (const record of log.slice(-1 - (choice % 5))) this.broker.append(record, this.scheduler.now);
  }

  narrate(text: () => string): void {
    if (!this.#narrates) return;
    this.narrative.push(`${new Date(this.scheduler.now).toISOString().slice(11, 23)}  ${text()}`);
  }
}
