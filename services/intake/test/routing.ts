import { type Message, newId, topics, wall } from "@crossline/contracts";
import type { World } from "./world.ts";

/** Publishes a hand-off of a case to Orchard, as routing does. */
export function routingOf(world: World, caseId: string, timeline = wall) {
  const actor = { party: "orchard", automated: false };
  const handoff = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld", actor };
  const subject = { engineer: { name: "Ada", contact: "ada@orchard.example" } };
  const readBack = { problem: "dead", tried: "nothing" };
  const accepted = { vendorCaseId: "OR-1", nextStep: "look", eta: "2030-01-01T00:00:00Z", dossierVersion: 1, readBack };
  let sequence = 0;
  const publish = (type: string, data: Record<string, unknown>) => {
    const message: Message = {
      topic: topics.handoff,
      key: caseId,
      sequence: ++sequence,
      type,
      time: Date.now(),
      timeline,
      data: { ...handoff, ...data },
    };
    return world.publish(message);
  };
  return {
    offer: () => publish("handoff.offered", { step: 0, attempt: 0, mode: "ticket", reason: "clock" }),
    accept: () => publish("handoff.accepted", { ...accepted, subject }),
    resolve: (fixCode: string) => publish("handoff.resolved", { fixCode, rootCause: "a broken mast" }),
  };
}
