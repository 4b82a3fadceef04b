import { type Instant, formatInstant } from "@crossline/contracts";
import type { Assignment, CaseCrossing, HandoffCommand, PoolCommand } from "@crossline/domain";
import type { Command } from "./kinds.ts";

/** The engineer whom a vendor names when it accepts a case. */
export const ada = { name: "Ada Lovett", contact: "ada@orchard.example" };

/** The specialist of the pool who claims assignments. */
export const specialist = { party: "northtel", person: "spec-1", automated: false };

/** Returns the command on an assignment to a pool for a drawn command; undefined if the command fits no assignment. */
export function poolCommand({ kind, choice }: Command, open: Assignment): PoolCommand | undefined {
  const token = open.phase === "claimed" ? open.token : 0;
  switch (kind) {
    // A story has few assignments, so each command that accepts or solves a case claims one.
    case "claim":
    case "accept":
    case "resolve":
      return { type: "claim", person: choice % 4 === 0 ? "rep-1" : specialist.person };
    case "renew":
      return { type: "renew", token };
    case "release":
    case "reject":
      return { type: "release", token };
    case "stale-token":
      return { type: "release", token: token - 1 };
    default:
      return undefined;
  }
}

/** Returns the command of a vendor's desk for a drawn command. `token` is the fencing token of the desk's claim. */
export function deskCommand(
  { kind, choice }: Command,
  state: CaseCrossing,
  token: number,
  at: Instant,
): HandoffCommand {
  switch (kind) {
    case "claim":
      return { type: "claim" };
    case "renew":
      return { type: "renew", token };
    case "release":
      return { type: "release", token };
    case "reject":
      return { type: "reject", token, code: "not-our-fault" };
    case "resolve":
      return { type: "resolve", token, fixCode: "reset" };
    case "resolve-root":
      return { type: "resolve", token, fixCode: "reset", rootCause: "a bad batch" };
    case "request-info":
      return { type: "request-info", token, code: "needs-log", items: ["log"] };
    case "return": {
      const evidence = { test: "on a reference", result: "works", wouldChangeOurMind: "a log" };
      return { type: "return", token, code: "bad-data", ...(choice % 5 > 0 && { evidence }) };
    }
    case "transfer":
      return {
        type: "transfer",
        token,
        code: "wrong-team",
        to: choice % 2 === 0 ? "quill.radio" : "orchard.tier2",
      };
    default: {
      const { version } = state.material;
      return {
        type: "accept",
        token,
        engineer: ada,
        vendorCaseId: `V-${choice}`,
        nextStep: "reset",
        eta: formatInstant(at + 600_000),
        readBack: { problem: "dead", tried: "nothing" },
        dossierVersion: kind === "stale-accept" ? version - 1 : version,
      };
    }
  }
}
