import type { LineDocument, Refusal, Skill } from "@crossline/contracts";
import { type CrossingDeps, type Line, commandAssignment, isRefused, takeByPerson, waitFor } from "../../src/index.ts";
import type { Assignment } from "../../src/pool/assignment.ts";
import type { PoolCommand } from "../../src/pool/claim.ts";
import { at } from "../given.ts";
import { DrivenHandoff, twoSteps } from "../handoffs/driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

/** Returns a skill for PocketOS that is valid in March 2026. */
export const pocketOs = (level: number, more: Partial<Skill> = {}): Skill => ({
  os: "PocketOS",
  level,
  from: "2026-03-01T00:00:00Z",
  source: "exam",
  ...more,
});

/** The people and pools of a test. `duty` has the people on duty in each pool. */
export type Staff = {
  readonly skills: Record<string, readonly Skill[]>;
  readonly duty: Record<string, readonly string[]>;
};

/** Two certified people, one person whose skill has expired, and the pools `ios` and `senior`. Tests change the staff. */
export const staffOf = (): Staff => ({
  skills: {
    ada: [pocketOs(3)],
    ben: [pocketOs(2)],
    old: [pocketOs(5, { until: "2026-03-07T00:00:00Z" })],
    low: [pocketOs(1)],
  },
  duty: { ios: ["ada", "ben", "old", "low", "rep-7"], senior: ["ada"] },
});

const depsOf = ({ skills, duty }: Staff): Omit<CrossingDeps, "line"> => ({
  ...unstaffed,
  skillsOf: (party, person) => (party === "northtel" ? (skills[person] ?? []) : []),
  onPool: (party, pool) =>
    (party === "northtel" ? (duty[pool] ?? []) : []).map((person) => ({ person, skills: skills[person] ?? [] })),
});

const queueStep = { to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT30M", repeat: 1 } as const;
const poolStep = { to: "pool:ios", mode: "ticket", acceptWithin: "PT5M", repeat: 1 } as const;

/** Returns a line whose first step is the pool `ios`, and whose second step is a vendor's queue. */
export function poolLine(more: Partial<LineDocument> = {}, pool: Partial<LineDocument["crossing"][number]> = {}): Line {
  return twoSteps({
    triggers: [{ on: "skill.missing", level: 2 }],
    crossing: [{ ...poolStep, ...pool }, queueStep],
    ...more,
  });
}

/** Runs routing's rules on a case with a PocketOS device and with the people of a test. */
export class DrivenPool extends DrivenHandoff {
  readonly #deps: CrossingDeps;

  constructor(by: Line = poolLine(), staff: Staff = staffOf(), more: Partial<CrossingDeps> = {}) {
    const deps = { ...depsOf(staff), ...more };
    super(by, deps);
    this.#deps = { ...deps, line: by };
  }

  openPocket(
    device: Record<string, unknown> = { vendor: "orchard", model: "Handheld 8700", os: "PocketOS 4.2" },
  ): this {
    return this.open("09:00", { device });
  }

  /** A person begins a handling. The id of the handling names the person. */
  call(time: string, person?: string, more: Record<string, unknown> = {}): this {
    const actor = { party: "northtel", automated: false, ...(person !== undefined && { person }), ...more };
    return this.event(time, "handling.started", { actor, handlingId: `hd_${person}`, channel: "phone" });
  }

  hangUp(time: string, person: string): this {
    return this.event(time, "handling.ended", { handlingId: `hd_${person}`, channel: "phone" });
  }

  get assignment(): Assignment | undefined {
    return waitFor(this.crossing, "pool")?.assignment;
  }

  /** Executes a command on the open assignment. Returns the refusal. */
  pool(time: string, command: PoolCommand, id = this.assignment?.id ?? "none"): Refusal | undefined {
    const person = command.type === "claim" ? command.person : "ada";
    const actor = { party: "northtel", person, automated: false };
    return this.decide((state) => commandAssignment(state, { assignmentId: id, command, actor }, this.#deps, at(time)));
  }

  claim(time: string, person = "ada"): this {
    const refused = this.pool(time, { type: "claim", person });
    if (refused !== undefined) throw new Error(`${refused.code}: ${refused.detail}`);
    return this;
  }

  get token(): number {
    return this.assignment?.phase === "claimed" ? this.assignment.token : 0;
  }

  take(time: string, person: string | undefined): this {
    const actor = { party: "northtel", automated: false, ...(person !== undefined && { person }) };
    const engineer = { name: "Grace Hopper", contact: "grace@northtel.example" };
    const outcome = takeByPerson(this.crossing, { engineer, actor }, this.#deps, at(time));
    if (isRefused(outcome)) throw new Error(outcome.refused.detail);
    this.decide(() => outcome);
    return this;
  }
}
