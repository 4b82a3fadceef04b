import {
  type Actor,
  type EventType,
  type HandoffEvent,
  type LineDocument,
  type QueueEvent,
  type Refusal,
  topics,
} from "@crossline/contracts";
import {
  type CaseCrossing,
  type CrossingDeps,
  type CrossingInput,
  type HandoffCommand,
  type Line,
  commandHandoff,
  isRefused,
  openHandoffOf,
  react,
} from "../../src/index.ts";
import { at, caseId, line } from "../given.ts";
import { unstaffed } from "../unstaffed.ts";

export const rep = { party: "northtel", automated: false };
export const evidence = { test: "on a reference", result: "works", wouldChangeOurMind: "a log of the failure" };
const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };

/** Returns a line with two queues. The keys of `more` replace the same keys of the line. */
export function twoSteps(more: Partial<LineDocument> = {}): Line {
  return line({
    clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
    crossing: [
      { to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT30M", repeat: 1 },
      { to: "queue:quill.care", mode: "ticket", acceptWithin: "PT30M", repeat: 1 },
    ],
    lastResort: ["https://duty.northtel.example/"],
    ...more,
  });
}

/** Runs routing's rules on one case, one event or command at a time. The asked vendor sends every command with its latest token. */
export class DrivenHandoff {
  state: CaseCrossing | undefined;
  readonly messages: (HandoffEvent | QueueEvent)[] = [];
  readonly #line: Line;
  readonly #deps: Omit<CrossingDeps, "line">;
  readonly #sequences = { case: 0, clock: 0 };

  constructor(by: Line = twoSteps(), deps: Omit<CrossingDeps, "line"> = unstaffed) {
    this.#line = by;
    this.#deps = deps;
  }

  event(time: string, type: EventType, data: Record<string, unknown> = {}): this {
    const topic = type.startsWith("clock.") ? "clock" : "case";
    const event = {
      topic: topics[topic],
      key: caseId,
      sequence: ++this.#sequences[topic],
      type,
      time: at(time),
      timeline: "stp_0000000000000000000000000a",
      data: { actor: rep, ...data },
    } as unknown as CrossingInput;
    return this.#keep(react(this.state, event, { ...this.#deps, line: this.#line }, 0));
  }

  open(time = "09:00", data: Record<string, unknown> = {}): this {
    const words = { carrierCaseId: "NT-1", kind: "fault", title: "dead", channel: "phone", status: "acknowledged" };
    return this.event(time, "case.opened", {
      carrier: "northtel",
      severity: "minor",
      line: this.#line.ref,
      device: { vendor: "orchard", model: "Handheld 8700" },
      symptom: "dead-device",
      ...words,
      ...data,
    });
  }

  cross(time: string): this {
    return this.event(time, "crossing.requested", { asOf: 1 });
  }

  breach(time: string, kind: string, incarnation = openHandoffOf(this.crossing)?.id): this {
    return this.event(time, "clock.breached", { kind, clock: kind, incarnation, firingId: `fir ${kind} ${time}` });
  }

  /** Executes a command with the latest token, unless the command has its own token. Returns the refusal. */
  command(
    time: string,
    command: Record<string, unknown> & { readonly type: string },
    actor: Actor = { party: openHandoffOf(this.crossing)?.vendor ?? "orchard", person: "eng-4", automated: false },
  ): Refusal | undefined {
    const open = openHandoffOf(this.crossing);
    const full = { token: open?.token, ...command } as unknown as HandoffCommand;
    const outcome = commandHandoff(
      this.crossing,
      { handoffId: open?.id ?? "none", command: full, actor },
      { ...this.#deps, line: this.#line },
      at(time),
    );
    if (isRefused(outcome)) return outcome.refused;
    this.#keep(outcome);
    return undefined;
  }

  /** Saves a decision of routing on this case. Returns the refusal. */
  decide(decideOn: (state: CaseCrossing) => ReturnType<typeof commandHandoff>): Refusal | undefined {
    const outcome = decideOn(this.crossing);
    if (isRefused(outcome)) return outcome.refused;
    this.#keep(outcome);
    return undefined;
  }

  execute(time: string, command: Record<string, unknown> & { readonly type: string }): this {
    const refused = this.command(time, command);
    if (refused !== undefined) throw new Error(`${command.type} was refused: ${refused.code} ${refused.detail}`);
    return this;
  }

  accept(time: string): this {
    const words = { engineer: ada, vendorCaseId: "OR-1", nextStep: "look", eta: "2026-03-20T12:00:00-05:00" };
    const readBack = { problem: "dead", tried: "nothing" };
    this.execute(time, { type: "claim" });
    return this.execute(time, { type: "accept", ...words, readBack, dossierVersion: this.crossing.material.version });
  }

  giveBack(time: string): this {
    return this.execute(time, { type: "return", code: "bad-data", evidence });
  }

  get crossing(): CaseCrossing {
    if (this.state === undefined) throw new Error("open the case first");
    return this.state;
  }

  get types(): string[] {
    return this.messages.filter(({ topic }) => topic === topics.handoff).map(({ type }) => type);
  }

  last<T extends HandoffEvent["type"] | QueueEvent["type"]>(type: T): Extract<HandoffEvent | QueueEvent, { type: T }> {
    const last = this.messages.findLast((message) => message.type === type);
    if (last === undefined) throw new Error(`routing published no ${type}`);
    return last as Extract<HandoffEvent | QueueEvent, { type: T }>;
  }

  #keep({ state, messages }: ReturnType<typeof react>): this {
    this.state = state;
    this.messages.push(...messages);
    return this;
  }
}
