import { type Actor, type EventData, type ReceivedMessage, formatInstant, topics, wall } from "@crossline/contracts";
import type { ActionContent } from "./chain.ts";

/** A row of the action log before it has its place in the part of its company. */
export type NewAction = Omit<ActionContent, "number">;

/** The services that publish the facts of cases. */
const services: Readonly<Record<string, string>> = { [topics.case]: "intake", [topics.handoff]: "routing" };

/** Facts that only repeat that a person still works. The first fact of the work is in the log. */
const repeating: ReadonlySet<string> = new Set(["handling.continued", "handoff.renewed"]);

/**
 * Returns the rows of the action log that come from a record. A record of the action topic gives a row for each of its actions. A fact
 * of a case on the wall timeline gives a row in the part of the acting company, if the fact records its command. A fact that Crossline
 * caused gives no row.
 */
export function actionsOf(event: ReceivedMessage): NewAction[] {
  if (event.type === "action.taken") return takenOf(event.id, event.data as EventData<"action.taken">);
  if (event.type === "action.read") return readsOf(event.id, event.data as EventData<"action.read">);
  return factOf(event);
}

/** A command of the operator about a company is in the parts of both. */
function takenOf(source: string, { service, at, about, ...action }: EventData<"action.taken">): NewAction[] {
  const parts = new Set([action.actor.party, ...(about === undefined ? [] : [about])]);
  return [...parts].map((party) => ({ party, at, kind: "command", ...action, service, source }));
}

function readsOf(source: string, { service, reads }: EventData<"action.read">): NewAction[] {
  return reads.map((read, index) => ({
    party: read.actor.party,
    kind: "read",
    ...read,
    service,
    source: `${source}/${index + 1}`,
  }));
}

function factOf({ id, topic, key, type, time, timeline, caller, data }: ReceivedMessage): NewAction[] {
  const service = services[topic];
  const { actor, of } = data as { readonly actor?: Actor; readonly of?: unknown };
  // An entry with `of` repeats the words of another fact of the same command.
  const isCommand = service !== undefined && caller !== undefined && actor !== undefined && of === undefined;
  if (!isCommand || timeline !== wall || repeating.has(type)) return [];
  const { id: sender, roles } = caller;
  const { party, person, automated } = actor;
  return [
    {
      party,
      at: formatInstant(time),
      kind: "command",
      actor: {
        party,
        ...(roles === undefined ? { keyId: sender } : { sessionId: sender, roles: [...roles] }),
        ...(person !== undefined && { person }),
        ...(automated && { automated }),
      },
      operation: type,
      case: key,
      timeline,
      service,
      source: id,
    },
  ];
}
