import {
  type PresentedCanary,
  canaryList,
  formatDuration,
  formatInstant,
  refusal,
  setCanariesRequest,
} from "@crossline/contracts";
import { type Http, callerOf, send } from "@crossline/service";
import { setCanaries } from "../commands/set-canaries.ts";
import { type CanaryRow, listCanaries } from "../store/canaries.ts";
import type { RouteDeps } from "./deps.ts";

const onlyCarriers = refusal("forbidden", "Only a carrier has canaries.");

/** Serves the routes with which a carrier sets and reads its canaries. */
export function serveCanaries(http: Http, { database, lines, canaries, onCommitted }: RouteDeps): void {
  http.get(
    "/v1/canaries",
    {
      schema: {
        operationId: "listCanaries",
        summary: "List your canaries with their last results",
        refuses: ["forbidden"],
        tags: ["canaries"],
        response: { 200: canaryList },
      },
    },
    async (request, reply) => {
      const { party, kind } = callerOf(request);
      if (kind !== "carrier") return send(reply, 200, onlyCarriers);
      return send(reply, 200, { items: (await listCanaries(database, party)).map(presentCanary) });
    },
  );

  http.put(
    "/v1/canaries",
    {
      schema: {
        operationId: "setCanaries",
        summary: "Set all your canaries",
        description:
          "A canary opens a marked inquiry through a door of your customers, expects the acknowledgement, reads the case back and closes it. The list replaces the previous list. A canary with the same line and channel keeps its id, its last result and its next run.",
        refuses: ["forbidden", "unknown_line"],
        tags: ["canaries"],
        body: setCanariesRequest,
        response: { 200: canaryList },
      },
    },
    async (request, reply) => {
      const { party, kind } = callerOf(request);
      if (kind !== "carrier") return send(reply, 200, onlyCarriers);
      const refused = await database.transaction((tx) =>
        setCanaries(tx, { ...canaries, lines }, party, request.body.canaries),
      );
      if (refused !== undefined) return send(reply, 200, refused);
      onCommitted();
      canaries.wake();
      return send(reply, 200, { items: (await listCanaries(database, party)).map(presentCanary) });
    },
  );
}

function presentCanary(row: CanaryRow): PresentedCanary {
  const { id, line, channel, everyMs, withinMs, state, acknowledgedAt } = row;
  const { run, last, dueAt } = state;
  return {
    id,
    line,
    channel,
    every: formatDuration(everyMs),
    within: formatDuration(withinMs),
    nextRunAt: formatInstant(dueAt),
    ...(run !== undefined && { running: { startedAt: formatInstant(run.startedAt), stage: run.stage } }),
    ...(last !== undefined && { last: presentResult(last) }),
    ...(acknowledgedAt !== null && { lastAcknowledgedAt: formatInstant(acknowledgedAt) }),
  };
}

function presentResult(last: NonNullable<CanaryRow["state"]["last"]>): NonNullable<PresentedCanary["last"]> {
  const { outcome, startedAt, endedAt, fault, caseId } = last;
  return {
    outcome,
    startedAt: formatInstant(startedAt),
    endedAt: formatInstant(endedAt),
    ...(last.outcome === "missed" && { stage: last.stage }),
    ...(fault !== undefined && { fault }),
    ...(caseId !== undefined && { caseId }),
  };
}
