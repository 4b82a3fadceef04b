import { type Actor, type CaseEvent, type EventData, type EventType, type Instant, topics } from "@crossline/contracts";
import {
  type CarrierCommand,
  type CaseCommand,
  type CaseDecision,
  type CaseInput,
  type CaseState,
  type CaseTask,
  type DueTask,
  type IncidentDecision,
  type IncidentState,
  applyToCase,
  applyToIncident,
  caseLineRules,
  commandCase,
  commandOnIncident,
  detectIncident,
  incidentScopeOf,
  incidentTasksOf,
  isRefused,
  joinByDetection,
  openCase,
  openIncident,
  refuseJoining,
  tasksOfIncident,
} from "../../src/index.ts";
import { at, line } from "../given.ts";

export const rep: Actor = { party: "northtel", person: "rep-1", automated: false };
export const byProgram: Actor = { party: "northtel", automated: true };
const engineer: Actor = { party: "orchard", person: "eng-1", automated: false };
const timeline = "stp_0000000000000000000000000a";
const incidentLine = line({
  clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
  crossing: [{ to: "queue:orchard.handheld", mode: "ticket", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  incidents: { cases: 3, within: "PT1H" },
});

type Opening = { readonly symptom?: string; readonly kind?: string; readonly model?: string };

/** Runs the rules of cases and incidents as intake does: each decision stores tasks, and each task is a later decision. */
export class DrivenIncidents {
  now: Instant = at("09:00");
  readonly cases = new Map<string, CaseState>();
  readonly incidents = new Map<string, IncidentState>();
  readonly events = new Map<string, CaseEvent[]>();
  readonly tasks: DueTask[] = [];
  /** True if each task runs twice, as after a crash between its transaction and the deletion of the task. */
  readonly #repeats: boolean;
  readonly #handoffs = new Map<string, number>();

  constructor({ repeats = false } = {}) {
    this.#repeats = repeats;
  }

  open({ symptom = "no-signal", kind = "fault", model = "One" }: Opening = {}): string {
    const id = `cs_${String(this.cases.size + 1).padStart(26, "0")}`;
    const { state, messages } = openCase(
      {
        id,
        timeline,
        carrierCaseId: id,
        kind,
        severity: "minor",
        title: "no signal",
        channel: "phone",
        status: "acknowledged",
        lineReason: "of the test",
        line: incidentLine.ref,
        symptom,
        device: { vendor: "orchard", model },
        ...caseLineRules(incidentLine),
      },
      rep,
      this.now,
    );
    this.#save(undefined, { state, messages });
    return id;
  }

  /** Opens a case each minute, and runs the tasks after each opening. */
  openAlike(count: number, opening: Opening = {}): string[] {
    return Array.from({ length: count }, () => {
      this.now += 60_000;
      const id = this.open(opening);
      this.run();
      return id;
    });
  }

  /** Sends a command. Returns the code of its refusal. */
  command(id: string, command: CaseCommand, actor = rep): string | undefined {
    const before = this.case(id);
    const outcome = commandCase(before, command, actor, this.now);
    if (isRefused(outcome)) return outcome.refused.code;
    this.#save(before, outcome);
    return undefined;
  }

  /** Applies an event of routing or of the timer. */
  apply(id: string, type: EventType, data: Record<string, unknown>): void {
    const before = this.case(id);
    const sequence = (this.#handoffs.get(id) ?? 0) + 1;
    this.#handoffs.set(id, sequence);
    const topic = type.startsWith("clock.") ? topics.clock : topics.handoff;
    const given = { actor: engineer, handoffId: `ho_${id}`, vendor: "orchard", queue: "orchard.handheld", ...data };
    const event = { topic, key: id, sequence, type, time: this.now, timeline, data: given } as unknown as CaseInput;
    this.#save(before, applyToCase(before, event, this.now));
  }

  /** Plays the crossing of a case until a vendor holds it. */
  accept(id: string): void {
    this.apply(id, "handoff.offered", { reason: "requested" });
    this.apply(id, "handoff.accepted", {
      engineer: { name: "Ada", contact: "ada@orchard.example" },
      nextStep: "look",
      readBack: { problem: "dead", tried: "nothing" },
    });
  }

  /** Applies the breach of the clock `information` that runs for the incident. */
  breachMaximum(id: string): void {
    const { incident } = this.case(id);
    const sequence = incident?.role === "member" ? incident.starts.at(-1) : 1;
    this.apply(id, "clock.breached", { clock: "information", kind: "information", incarnation: `case/${sequence}` });
  }

  byHand(lead: string, members: readonly string[]): string {
    const id = this.#newId();
    const { carrier, openedAt, holder } = this.case(lead);
    const asMember = (caseId: string) => ({ caseId, openedAt: this.case(caseId).openedAt });
    this.#saveIncident(
      openIncident(
        {
          id,
          timeline,
          carrier,
          scope: incidentScopeOf(this.case(lead)),
          actor: rep,
          reason: "the mast is down",
          holder,
          lead: { caseId: lead, openedAt },
          members: members.map(asMember),
        },
        this.now,
      ),
    );
    return id;
  }

  carrier(id: string, command: CarrierCommand, actor = rep): string | undefined {
    const outcome = commandOnIncident(this.incident(id), command, actor, this.now);
    if (isRefused(outcome)) return outcome.refused.code;
    this.#saveIncident(outcome);
    return undefined;
  }

  /** Adds a case by hand. */
  join(incidentId: string, caseId: string): string | undefined {
    const { openedAt } = this.case(caseId);
    return this.carrier(incidentId, { type: "join", case: { caseId, openedAt }, reason: "the same mast" });
  }

  /** Runs all tasks, also those that tasks store. `choose` returns the index of the next subject. */
  run(choose: (subjects: number) => number = () => 0): void {
    while (this.runOne(choose));
  }

  runOne(choose: (subjects: number) => number = () => 0): boolean {
    const subjects = [...new Set(this.tasks.map(({ subject }) => subject))];
    const subject = subjects[choose(subjects.length)];
    const index = this.tasks.findIndex((task) => task.subject === subject);
    const [task] = index < 0 ? [] : this.tasks.splice(index, 1);
    if (task === undefined) return false;
    this.#do(task);
    if (this.#repeats) this.#do(task);
    return true;
  }

  case(id: string): CaseState {
    const state = this.cases.get(id);
    if (state === undefined) throw new Error(`there is no case ${id}`);
    return state;
  }

  incident(id: string): IncidentState {
    const state = this.incidents.get(id);
    if (state === undefined) throw new Error(`there is no incident ${id}`);
    return state;
  }

  /** Returns the types of a case's events after its opening. */
  types(id: string): string[] {
    return (this.events.get(id) ?? []).map(({ type }) => type).slice(1);
  }

  data<Type extends CaseEvent["type"]>(id: string, type: Type): EventData<Type>[] {
    return (this.events.get(id) ?? []).flatMap((event) => (event.type === type ? [event.data as EventData<Type>] : []));
  }

  #newId(): string {
    return `ic_${this.incidents.size + 1}`;
  }

  #do({ subject, task }: DueTask): void {
    if (task.does === "change-case") return this.#change(subject, task);
    if (task.does !== "incident") throw new Error(`no rule of incidents stores a task that does ${task.does}`);
    if (task.event.is === "consider") return this.#consider(task.event.caseId);
    const { incidentId, report } = task.event;
    this.#saveIncident(applyToIncident(this.incident(incidentId), report, this.now));
  }

  #change(subject: string, { caseId, actor, change, whenRefused }: CaseTask): void {
    const isKnown = "messageId" in change && this.case(caseId).messages?.some(({ id }) => id === change.messageId);
    if (isKnown === true) return; // Intake runs each task once, so a case never gets the same message twice.
    const complete = (change.type === "lead-incident" ? { ...change, observing: false } : change) as CaseCommand;
    const refused = this.command(caseId, complete, actor);
    if (refused !== undefined && whenRefused !== undefined) this.tasks.push({ timeline, subject, task: whenRefused });
  }

  #consider(caseId: string): void {
    const state = this.case(caseId);
    const scope = incidentScopeOf(state);
    if (scope === undefined || refuseJoining(state) !== undefined || state.incidentRule === undefined) return;
    const isSame = (other: unknown) => JSON.stringify(other) === JSON.stringify(scope);
    const open = [...this.incidents.values()].find((one) => one.ended === undefined && isSame(one.scope));
    const { carrier, openedAt, incidentRule: rule } = state;
    if (open !== undefined) return this.#saveIncident(joinByDetection(open, { caseId, openedAt }, this.now));
    const alike = [...this.cases.values()].filter(
      (one) => refuseJoining(one) === undefined && isSame(incidentScopeOf(one)) && one.openedAt <= openedAt,
    );
    const cases = alike.map((one) => ({ caseId: one.id, openedAt: one.openedAt }));
    const opened = detectIncident(this.#newId(), { timeline, carrier, scope, cases, rule }, this.now);
    if (opened !== undefined) this.#saveIncident(opened);
  }

  #save(before: CaseState | undefined, decision: CaseDecision): void {
    const { state, messages } = decision;
    this.cases.set(state.id, state);
    this.events.set(state.id, [...(this.events.get(state.id) ?? []), ...messages]);
    this.tasks.push(...incidentTasksOf(before, decision));
  }

  #saveIncident(decision: IncidentDecision): void {
    this.incidents.set(decision.state.id, decision.state);
    this.tasks.push(...tasksOfIncident(decision));
  }
}
