import type { Me } from "@crossline/contracts";

/** One screen of the navigation, with the second key of its shortcut. */
export type Screen = {
  readonly to:
    | "/app/board"
    | "/app/duty"
    | "/app/changes"
    | "/app/incidents"
    | "/app/problems"
    | "/app/rosters"
    | "/app/reports"
    | "/app/operations"
    | "/app/log";
  readonly name: string;
  readonly key: string;
};

const board: Screen = { to: "/app/board", name: "Board", key: "b" };
const duty: Screen = { to: "/app/duty", name: "Duty", key: "d" };
const changes: Screen = { to: "/app/changes", name: "Changes", key: "c" };
const incidents: Screen = { to: "/app/incidents", name: "Incidents", key: "i" };
const problems: Screen = { to: "/app/problems", name: "Problems", key: "m" };
const rosters: Screen = { to: "/app/rosters", name: "Rosters", key: "r" };
const reports: Screen = { to: "/app/reports", name: "Reports", key: "p" };
const operations: Screen = { to: "/app/operations", name: "Operations", key: "o" };

const log: Screen = { to: "/app/log", name: "Log", key: "l" };

/** Returns the screens that a person can use. The API decides what they read there. */
export function screensOf({ kind, scopes }: Pick<Me, "kind" | "scopes">): readonly Screen[] {
  return [
    ...(kind === "operator"
      ? [operations]
      : [board, duty, changes, ...(kind === "carrier" ? [incidents, problems] : []), rosters, reports]),
    ...(scopes.includes("log") ? [log] : []),
  ];
}
