import type { Action, Role } from "../../src/index.ts";
import { actors } from "./samples.ts";
import { peopleTable } from "./people.ts";
import { cellOf } from "./table.ts";
import { columns, words } from "./words.ts";

/* Generates docs/rights.md. */

const roles = Object.keys(actors) as readonly Role[];
const actions = Object.keys(words) as readonly Action[];
const [reading, onCases, onHandoffs] = [
  actions.slice(0, actions.indexOf("open")),
  actions.slice(actions.indexOf("open"), actions.indexOf("claim")),
  actions.slice(actions.indexOf("claim")),
];

/** Each condition of the tables, once and in their order. */
const conditions = [...new Set(actions.flatMap((action) => words[action].slice(1)))];

const cellTexts = {
  may: "yes",
  proposes: "proposes",
  "as-of-its-end": "as of its end",
  "left-out": "not listed",
} as const satisfies Record<string, string>;

function cell(role: Role, action: Action): string {
  const right = cellOf(role, action);
  return Object.hasOwn(cellTexts, right) ? cellTexts[right as keyof typeof cellTexts] : `\`${right}\``;
}

function table(rows: readonly Action[]): string {
  const head = ["Action", ...roles.map((role) => columns[role])];
  const lines = rows.map((action) => {
    const [name, condition] = words[action];
    const mark = condition === undefined ? "" : ` (${conditions.indexOf(condition) + 1})`;
    return `| ${name}${mark} | ${roles.map((role) => cell(role, action)).join(" | ")} |`;
  });
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines].join("\n");
}

/** Returns the text of docs/rights.md. */
export function rightsDocument(): string {
  return `# Rights

This page shows each action of the API, and the right of each role to the action. \`npx -y pnpm generate\` tries each action in sample cases and writes the page. One test compares the page with the code. Another test sends every request of the API in every state of a case. All rights are in one table, \`packages/domain/src/reading/rights.ts\`. The build fails if an action has no row in this table.

The rights of a company depend on its part in the case. The part follows from the hand-offs of the case:

- **carrier**: the company opened the case.
- **holder**: the vendor accepted the case and has not returned it. After a transfer, the vendor stays the holder until another vendor accepts.
- **asked vendor**: a hand-off to one of the vendor's queues is open.
- **vendor of the fix**: the vendor's fix is not confirmed. After a reopening the part continues, until another vendor accepts the case.
- **joint party**: the company is a party of the joint case.
- **former vendor**: the vendor's part has ended. The vendor reads the case as of the end of its part, and can end its own open promises.
- **another company**: the company never had a part in the case. For this company the case does not exist.
- **operator**: the operator runs the installation and has no part in any case.

A company can have several parts at the same time, for example holder and joint party. A company with several parts has the rights of all its parts.

An API key can have [scopes](rules/key.md), which limit the operations that its program may call. A key gives no right that its company does not have. A request without the scope gets \`forbidden\` before Crossline reads the case. A company manages the API keys of its own party, and the operator manages the keys of every company. For another company these keys do not exist.

How to read a cell:

- **yes**: the action is allowed. A number refers to a condition below. If the state of the case excludes the action, the response is 409 and nothing changes. The code of this response is \`illegal_transition\` or a more specific code.
- **proposes**: the action makes a proposal to the carrier.
- **as of its end**: the company reads the case as it was when its part ended.
- **not listed**: the response does not contain the case.
- A code, for example \`not_found\`, is the code of the refusal. Nothing changes, and the response shows nothing of the case.

## Reading

${table(reading)}

## Actions on a case

${table(onCases)}

## Actions on a hand-off

${table(onHandoffs)}

## Conditions

${conditions.map((condition, index) => `${index + 1}. ${condition}`).join("\n")}

## Roles of people

A person who has [signed in](rules/session.md) acts for one company. The rights of the company limit the rights of the person. The roles of the person limit them further, as scopes limit an API key. A person with several roles has the rights of all of them.

${peopleTable()}

## Clocks

[Obligations](obligations.md) shows which clocks each event starts, pauses or ends.
`;
}
