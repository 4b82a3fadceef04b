import type { CaseStatus } from "@crossline/contracts";
import type { AuditedCase } from "./audited-case.ts";
import type { Happening } from "./kinds.ts";

const handlingsMax = 20;

/** Brings the facts of a case up to date: its status, who holds it, whether it is crossing, who is live with the customer. */
export function learn(on: AuditedCase, happening: Happening): void {
  on.status = statusAfter(happening) ?? on.status;
  switch (happening.type) {
    case "handling.started":
    case "handling.continued":
      beat(on, happening.data.handlingId, happening.data.actor.party, happening.time);
      break;
    case "handling.ended":
      on.handlings = on.handlings.filter(({ id }) => id !== happening.data.handlingId);
      break;
    case "crossing.requested":
    case "handoff.offered":
      on.crossed = true;
      break;
    case "handoff.accepted":
      on.holder = happening.data.vendor;
      on.crossed = false;
      break;
    case "handoff.resolved":
    case "handoff.withdrawn":
      on.holder = on.carrier;
      on.crossed = false;
      break;
    case "handoff.taken":
    case "case.reopened":
      on.crossed = false;
      break;
    default:
  }
}

function statusAfter(happening: Happening): CaseStatus | undefined {
  switch (happening.type) {
    case "case.status-changed":
      return happening.data.to;
    case "case.recorded":
      return happening.data.status;
    case "case.resolved":
      return "resolved";
    case "case.closed":
      return "closed";
    case "case.reopened":
      return "reopened";
    default:
      return undefined;
  }
}

/** The latest sign of life stands last; of one party only so many are kept. */
function beat(on: AuditedCase, id: string, party: string, beatAt: number): void {
  const others = on.handlings.filter((handling) => handling.id !== id);
  const own = others.filter((handling) => handling.party === party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  on.handlings = [...kept, { id, party, beatAt }];
}
