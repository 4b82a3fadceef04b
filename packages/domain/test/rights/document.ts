import type { Action, Role } from "../../src/index.ts";
import { actors } from "./samples.ts";
import { cellOf } from "./table.ts";
import { columns, words } from "./words.ts";

/* Generates docs/rights.md. */

const roles = Object.keys(actors) as readonly Role[];
const acts = Object.keys(words) as readonly Action[];
const [reading, onCases, onHandoffs] = [
  acts.slice(0, acts.indexOf("open")),
  acts.slice(acts.indexOf("open"), acts.indexOf("claim")),
  acts.slice(acts.indexOf("claim")),
];

/** The conditions without repetitions, in the order of the tables. */
const conditions = [...new Set(acts.flatMap((act) => words[act].slice(1)))];

const cellTexts = {
  may: "yes",
  proposes: "proposes",
  "as-of-its-end": "as of its end",
  "left-out": "not listed",
} as const satisfies Record<string, string>;

function cell(role: Role, act: Action): string {
  const right = cellOf(role, act);
  return Object.hasOwn(cellTexts, right) ? cellTexts[right as keyof typeof cellTexts] : `\`${right}\``;
}

function table(rows: readonly Action[]): string {
  const head = ["Act", ...roles.map((role) => columns[role])];
  const lines = rows.map((act) => {
    const [name, condition] = words[act];
    const mark = condition === undefined ? "" : ` (${conditions.indexOf(condition) + 1})`;
    return `| ${name}${mark} | ${roles.map((role) => cell(role, act)).join(" | ")} |`;
  });
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...lines].join("\n");
}

/** Returns the text of docs/rights.md. */
export function rightsDocument(): string {
  return `# Rights

This page shows each act that the API offers and the right of each caller to it. \`npx -y pnpm generate\` tries each act in sample cases and writes the page. One test compares the page with the code. Another test sends every request of the API in every state of a case. All rights are in one table, \`packages/domain/src/reading/rights.ts\`. An act without a row there does not compile.

The rights of a company depend on its part in the case. The part follows from the hand-offs:

- **carrier**: the company opened the case.
- **holder**: the vendor accepted the case and has not returned it. After a transfer, it is the holder until another vendor accepts.
- **asked vendor**: a hand-off to one of its queues is open.
- **vendor of the fix**: its fix is not confirmed. The part lasts after a reopening, until another vendor accepts the case.
- **joint party**: the company is a party of the joint case.
- **former vendor**: its part has ended. It reads the case as of that moment, and can end its own open promises.
- **another company**: it never had a part. For this company the case does not exist.
- **operator**: the operator runs the installation and has no part in any case.

A company can have several parts at the same time, for example holder and joint party. It then has the rights of all its parts.

How to read a cell:

- **yes**: the act is allowed. A number refers to a condition. If the state of the case excludes the act, the response is 409 and nothing changes. Its code is \`illegal_transition\` or a more specific one.
- **proposes**: the act makes a proposal to the carrier.
- **as of its end**: the company reads the case as it was when its part ended.
- **not listed**: the response does not contain the case.
- A code is the refusal. Nothing changes, and the response shows nothing of the case.

## Reading

${table(reading)}

## Acts on a case

${table(onCases)}

## Acts on a hand-off

${table(onHandoffs)}

## Conditions

${conditions.map((condition, index) => `${index + 1}. ${condition}`).join("\n")}

## Clocks

[Obligations](obligations.md) shows which clocks each event starts, pauses or ends.
`;
}
