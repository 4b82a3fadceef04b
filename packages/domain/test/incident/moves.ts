import type { CaseCommand } from "../../src/index.ts";
import type { WholeCase } from "../whole.ts";

/* The effects of incidents on one case in random histories. Intake's tasks send these commands. */

const rep = { party: "northtel", person: "rep-1", automated: false };
const intake = { party: "northtel", automated: true };

const effect =
  (command: CaseCommand, actor: typeof intake = intake) =>
  (whole: WholeCase): unknown =>
    whole.command(command, actor);
const joining = { type: "join-incident", leadCaseId: "cs_lead", reason: "alike" } as const;
const size = { cases: 12, size: { cases: 12 } };

export const incidentMoves: readonly (readonly [string, (whole: WholeCase) => unknown])[] = [
  ["join an incident", effect({ ...joining, incidentId: "ic_1", holder: "orchard" })],
  ["join an incident by hand", effect({ ...joining, incidentId: "ic_2", holder: "northtel" }, rep)],
  ["the lead has another holder", effect({ type: "hold-incident", incidentId: "ic_1", holder: "quill" })],
  ["leave the incident", effect({ type: "leave-incident", incidentId: "ic_1", cause: "removed", reason: "x" }, rep)],
  ["the lead ends", effect({ type: "leave-incident", incidentId: "ic_2", cause: "lead-ended" })],
  [
    "the lead is fixed",
    effect({ type: "resolve-by-incident", incidentId: "ic_1", leadCaseId: "cs_lead", fixCode: "reset" }),
  ],
  [
    "lead an incident",
    effect({ type: "lead-incident", incidentId: "ic_3", ...size, reason: "alike", observing: false }),
  ],
  ["end the incident", effect({ type: "end-incident", incidentId: "ic_3", cause: "by-carrier", reason: "x" }, rep)],
];
