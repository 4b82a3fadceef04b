import { type DrawnEvent, program, rep } from "./basic-events.ts";

const [one, other] = [{ incidentId: "ic_1" }, { incidentId: "ic_2" }];
const joining = { leadCaseId: "cs_lead", reason: "x" };

/** The events of an incident on its members and on its lead case. */
export const incidentEvents: readonly DrawnEvent[] = [
  ["incident.joined", { ...one, ...joining, holder: "orchard", actor: program }],
  ["incident.joined", { ...one, ...joining, holder: "northtel", actor: rep }],
  ["incident.joined", { ...other, ...joining, holder: "acme", actor: program }],
  ["incident.held", { ...one, holder: "acme", actor: program }],
  ["incident.left", { ...one, cause: "removed", reason: "x", actor: rep }],
  ["incident.left", { ...one, cause: "lead-ended", actor: program }],
  ["incident.left", { ...other, cause: "maximum", actor: program }],
  ["incident.opened", { ...one, cases: 12, reason: "x", actor: rep }],
  ["incident.counted", { ...one, cases: 13, actor: program }],
  ["incident.ended", { ...one, cause: "cured", actor: program }],
];
