import { type Refusal, refusal } from "@crossline/contracts";
import type { Action } from "./actions.ts";
import { type Right, type Role, rights } from "./rights.ts";

/** Returns the right of a caller to an action: the best right among the caller's roles. */
export function rightTo(roles: readonly Role[], action: Action): Right {
  const rightsOfRoles = roles.map((role) => rights[action][role]);
  return (
    rightsOfRoles.find((right) => right === "may") ?? rightsOfRoles.find(isGiven) ?? rightsOfRoles[0] ?? "not_found"
  );
}

function isGiven(right: Right): right is "proposes" | "as-of-its-end" {
  return right === "proposes" || right === "as-of-its-end";
}

export const noSuchCase = refusal("not_found", "You have no case with this id.");
export const partEnded = refusal("forbidden", "Your role in this case has ended: you read it as of that instant.");

/** Returns the refusal of an action; undefined if a role allows the action. */
export function refuseAction(roles: readonly Role[], action: Action): Refusal | undefined {
  const right = rightTo(roles, action);
  if (right === "may" || isGiven(right)) return undefined;
  if (right === "not_found" || right === "left-out") return noSuchCase;
  if (right === "illegal_transition") return refusal(right, "The current role of your company does not allow this.");
  if (roles.includes("former")) return partEnded;
  return refusal(right, `This is only for ${permittedRoles(action)}.`);
}

const names: readonly (readonly [Role, string])[] = [
  ["carrier", "the case's carrier"],
  ["holder", "the company that holds the case"],
  ["joint", "the parties of the joint case"],
];

function permittedRoles(action: Action): string {
  return names
    .filter(([role]) => rights[action][role] === "may")
    .map(([, name]) => name)
    .join(" and ");
}
