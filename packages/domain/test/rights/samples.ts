import type { Actor } from "@crossline/contracts";
import type { Role } from "../../src/index.ts";
import { rep, start } from "../whole-moves.ts";
import { WholeCase } from "../whole.ts";
import { type AttemptedAction, attempts } from "./attempts.ts";
import { sampleLine } from "./lines.ts";

/*
 * Creates samples for each role in the table of rights. The company with the role is `orchard`, except in the samples of the
 * carrier, of a company without a role (`stranger`) and of the operator.
 */

const engineer: Actor = { party: "orchard", person: "eng-4", automated: false };

/** The actor in the samples of each role. */
export const actors: Readonly<Record<Role, Actor>> = {
  carrier: rep,
  holder: engineer,
  asked: engineer,
  cured: engineer,
  joint: engineer,
  former: engineer,
  stranger: { party: "westvend", person: "eng-9", automated: false },
  operator: { party: "desk", person: "op-1", automated: false },
};

/** The name of an act. The prefix `orchard:` marks an act of the vendor orchard, and all other acts are the carrier's. */
type Step = AttemptedAction | `orchard:${AttemptedAction}` | "three hours";

function play(steps: readonly Step[]): WholeCase {
  const whole = new WholeCase(sampleLine, { channel: "mail", severity: "major" }, rep, start);
  for (const step of steps) {
    whole.advance(whole.now + (step === "three hours" ? 10_800_000 : 60_000));
    if (step === "three hours") continue;
    const isVendors = step.startsWith("orchard:");
    const act = (isVendors ? step.slice("orchard:".length) : step) as AttemptedAction;
    const refused = attempts[act](whole, isVendors ? engineer : rep);
    if (refused !== undefined) throw new Error(`a sample refuses ${step}: ${refused.detail}`);
  }
  return whole;
}

const offered = ["cross"] as const;
const taken = ["cross", "orchard:claim", "orchard:accept"] as const;
const sentBack = [...taken, "orchard:return"] as const;
const joint = [...sentBack, ...sentBack] as const;
const cured = [...taken, "orchard:resolve"] as const;
const busy = ["orchard:promise", "orchard:start-handling"] as const;
const exhausted = ["cross", "three hours", "three hours"] as const;

const sampleSteps: Readonly<Record<Role, readonly (readonly Step[])[]>> = {
  carrier: [
    [],
    ["start-handling", "promise"],
    [...offered, "orchard:claim", "orchard:request-info"],
    [...taken, "orchard:lower-severity"],
    cured,
    [...cured, "confirm"],
    joint,
    exhausted,
  ],
  holder: [taken, [...taken, ...busy], [...taken, "orchard:transfer", "three hours", "three hours"]],
  asked: [offered, [...offered, ...busy, "orchard:claim"]],
  cured: [
    [...taken, ...busy, "orchard:resolve"],
    [...cured, "reopen", ...exhausted],
  ],
  joint: [
    [...joint, ...busy],
    [...joint, "cross", "three hours", "three hours"],
  ],
  former: [
    [...offered, "orchard:claim", "orchard:reject"],
    [...taken, ...busy, "orchard:resolve", "confirm"],
    exhausted,
  ],
  stranger: [[], offered, taken, joint, cured, exhausted],
  operator: [[], offered, taken, joint, cured, exhausted],
};

/** Returns every sample of a role. */
export function samplesOf(role: Role): readonly (() => WholeCase)[] {
  return sampleSteps[role].map((steps) => () => play(steps));
}
