import type { Action, Role } from "@crossline/domain";

/** A step on the way to a state is an action of one caller, or time that passes. */
export type Step = readonly [caller: Company, action: Action] | "three hours";
export type Company = "northtel" | "orchard" | "quill" | "westvend" | "southtel";
/**
 * The lines of the rights test. `two-queues` and `soon-joint` have two queues, and `soon-joint` also makes a case joint
 * after its first return. `own-roster` and `foreign-roster` have a single step, which pages a roster.
 */
export type LineName = "two-queues" | "soon-joint" | "own-roster" | "foreign-roster";

export type State = {
  readonly line: LineName;
  readonly steps: readonly Step[];
  /** The roles of the vendors. A company that is absent from `roles` never had a role. */
  readonly roles: Partial<Readonly<Record<Company, readonly Role[]>>>;
};

const offered: readonly Step[] = [["northtel", "cross"]];
const claimed: readonly Step[] = [...offered, ["orchard", "promise"], ["orchard", "claim"]];
const answered: readonly Step[] = [...claimed, ["orchard", "request-info"], ["northtel", "provide-information"]];
const accepted: readonly Step[] = [...answered, ["orchard", "accept"], ["orchard", "start-handling"]];
const passedOn: readonly Step[] = [...accepted, ["orchard", "transfer"]];
const returned: readonly Step[] = [...accepted, ["orchard", "return"]];
const resolved: readonly Step[] = [...accepted, ["orchard", "resolve"]];
const usedUp: readonly Step[] = [...claimed, "three hours", "three hours"];
const two = (steps: readonly Step[], roles: State["roles"]): State => ({ line: "two-queues", steps, roles });
const soon = (steps: readonly Step[], roles: State["roles"]): State => ({ line: "soon-joint", steps, roles });

/** Every state of a case in which the roles or actions of companies differ. */
export const states = {
  opened: two([], {}),
  offered: two(offered, { orchard: ["asked"] }),
  claimed: two(claimed, { orchard: ["asked"] }),
  "info-requested": two([...claimed, ["orchard", "request-info"]], { orchard: ["asked"] }),
  accepted: two(accepted, { orchard: ["holder", "asked"] }),
  rejected: two([...claimed, ["orchard", "reject"]], { orchard: ["former"], quill: ["asked"] }),
  "passed on": two(passedOn, { orchard: ["holder"], quill: ["asked"] }),
  "passed on and accepted": two([...passedOn, ["quill", "claim"], ["quill", "accept"]], {
    orchard: ["former"],
    quill: ["holder", "asked"],
  }),
  returned: two(returned, { orchard: ["former"] }),
  joint: soon(returned, { orchard: ["joint"] }),
  "joint and offered": soon([...returned, ["northtel", "cross"]], { orchard: ["joint", "asked"] }),
  resolved: two(resolved, { orchard: ["cured"] }),
  reopened: two([...resolved, ["northtel", "reopen"]], { orchard: ["cured"] }),
  closed: two([...resolved, ["northtel", "confirm"]], { orchard: ["former"] }),
  cancelled: two([...claimed, ["northtel", "end-by-status"]], { orchard: ["former"] }),
  "last resort calling": two(usedUp, { orchard: ["former"], quill: ["former"] }),
  "roster paged": { line: "own-roster", steps: offered, roles: {} },
  "another company's roster paged": { line: "foreign-roster", steps: offered, roles: {} },
} as const satisfies Readonly<Record<string, State>>;

export type StateName = keyof typeof states;
