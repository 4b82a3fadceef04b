import {
  type Refusal,
  announceChangeRequest,
  changeResultPage,
  confirmChangeRequest,
  detailedChange,
  listChangesQuery,
  presentedChange,
  refusal,
  timelineKind,
  wall,
  withdrawChangeRequest,
} from "@crossline/contracts";
import { type AnnouncedChange, confirmChange, noSuchChange, withdrawChange } from "@crossline/domain";
import { type Caller, type Http, callerOf, isRefusal, originOf, send } from "@crossline/service";
import { z } from "zod";
import { announceChange, hashListed } from "../commands/announce-change.ts";
import { type CommandOnChange, commandChange } from "../commands/command-change.ts";
import { presentAnnouncedChange, presentReceipts } from "../responses/present-change.ts";
import { countChangedCases } from "../store/changed-cases.ts";
import { findChange, listChanges } from "../store/changes.ts";
import { findTimeline } from "../store/timelines.ts";
import { awaitEffectsBeforeRead } from "../timelines/before-read.ts";
import { onTimeline } from "../timelines/on-timeline.ts";
import { changePlaceCursor, readChangePlaceCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { actorOf, idempotencyOf, markReplayed } from "./post-request.ts";
import { mayUse } from "./present-timeline.ts";

/** The path parameter with the id of a change. A text that is no id of a change counts as the id of an unknown change. */
export const changeParams = z.object({ id: z.string().max(64).meta({ description: "The change's id" }) });

const stepped = ["not_quiet", "timeline_broken", "timeline_ended"] as const;
const onlyCompanies = refusal("forbidden", "Only a carrier or a vendor announces changes.");

/** Serves the routes of announced changes and their receipts. */
export function serveChanges(http: Http, deps: RouteDeps): void {
  serveAnnouncement(http, deps);
  serveReceipts(http, deps);
  serveReading(http, deps);
}

function serveAnnouncement(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/changes",
    {
      schema: {
        operationId: "announceChange",
        summary: "Announce a change to the companies that it affects",
        description:
          "Each affected company confirms the change until `confirmBy`. A case of an affected carrier with one of the symptoms is linked to the change until 7 days after its end. A company that does not exist is listed like every other company, and never confirms.",
        refuses: ["forbidden", "limit_reached", "not_found", ...stepped],
        tags: ["changes"],
        body: announceChangeRequest,
        response: { 201: presentedChange },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      const { kind } = caller;
      if (kind === "operator") return send(reply, 201, onlyCompanies);
      const refused = await refuseTimeline(deps, caller, body.timeline);
      if (refused !== undefined) return send(reply, 201, refused);
      const identities = hashListed(body.affected?.identities, kind);
      if (isRefusal(identities)) return send(reply, 201, identities);
      const key = idempotencyOf(request, body, body.timeline);
      if (isRefusal(key)) return send(reply, 201, key);
      const announcement = { kind, actor: actorOf(caller, body), origin: originOf(request), body, identities };
      const outcome = await onTimeline(deps, key, (tx, at) => announceChange(tx, { ...announcement, at }));
      markReplayed(reply, outcome);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function serveReceipts(http: Http, deps: RouteDeps): void {
  http.post(
    "/v1/changes/:id/receipt",
    {
      schema: {
        operationId: "confirmChange",
        summary: "Confirm that your company knows of a change and its duties",
        description: "A repeated receipt changes nothing. A receipt after `confirmBy` is recorded as overdue.",
        refuses: ["forbidden", "illegal_transition", ...stepped],
        tags: ["changes"],
        params: changeParams,
        body: confirmChangeRequest,
        response: { 200: presentedChange },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const actor = actorOf(caller, { ...request.body, automated: false });
      const outcome = await command(deps, request, (state, at) => confirmChange(state, actor, at));
      markReplayed(reply, outcome);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.post(
    "/v1/changes/:id/withdraw",
    {
      schema: {
        operationId: "withdrawChange",
        summary: "Withdraw a change that your company announced",
        description: "The links of cases stay. No further case is linked, and no company needs to confirm the change.",
        refuses: ["forbidden", "illegal_transition", ...stepped],
        tags: ["changes"],
        params: changeParams,
        body: withdrawChangeRequest,
        response: { 200: presentedChange },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const actor = actorOf(callerOf(request), body);
      const outcome = await command(deps, request, (state, at) => withdrawChange(state, body.reason, actor, at));
      markReplayed(reply, outcome);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

type CommandRequest = Parameters<typeof idempotencyOf>[0];

/** Executes a command on a change that the caller's company reads, on the timeline of the change. */
async function command(deps: RouteDeps, request: CommandRequest, decide: CommandOnChange["decide"]) {
  const { id: changeId } = request.params as { readonly id: string };
  const { party } = callerOf(request);
  const found = await findChange(deps.database, changeId, party);
  if (found === undefined) return noSuchChange.refused;
  const key = idempotencyOf(request, request.body, found.timeline);
  if (isRefusal(key)) return key;
  const origin = originOf(request);
  return onTimeline(deps, key, (tx, at) => commandChange(tx, { changeId, party, origin, decide }, at));
}

function serveReading(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  http.get(
    "/v1/changes",
    {
      schema: {
        operationId: "listChanges",
        summary: "List the changes that your company announced or that affect it, newest first",
        tags: ["changes"],
        querystring: listChangesQuery,
        response: { 200: changeResultPage },
      },
    },
    async (request, reply) => {
      const { timeline, receipt, cursor, limit } = request.query;
      const caller = callerOf(request);
      const before = readChangePlaceCursor(cursor);
      if (isRefusal(before)) return send(reply, 200, before);
      await awaitEffectsBeforeRead(deps, caller, timeline, reply);
      const { party } = caller;
      const isOpen = receipt !== undefined;
      const rows = await listChanges(database, { party, timeline, isOpen, before, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return send(reply, 200, {
        items: page.map((state) => presentAnnouncedChange(state, party)),
        ...(last !== undefined && { next: changePlaceCursor(last) }),
      });
    },
  );
  http.get(
    "/v1/changes/:id",
    {
      schema: {
        operationId: "readChange",
        summary: "Read a change, its receipts and the number of its cases",
        tags: ["changes"],
        params: changeParams,
        response: { 200: detailedChange },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const state = await readChange(deps, request.params.id, caller, reply);
      if (isRefusal(state)) return send(reply, 200, state);
      const { party } = caller;
      const { id: changeId, timeline } = state;
      return send(reply, 200, {
        ...presentAnnouncedChange(state, party),
        receipts: presentReceipts(state, party),
        cases: await countChangedCases(database, { changeId, timeline, party }),
      });
    },
  );
}

/** Returns a change for a read, or a refusal. On a stepped timeline, waits until the timeline is caught up. */
export async function readChange(
  deps: Pick<RouteDeps, "database" | "awaitEffects">,
  id: string,
  caller: Caller,
  reply: Parameters<typeof awaitEffectsBeforeRead>[3],
): Promise<AnnouncedChange | Refusal> {
  const found = await findChange(deps.database, id, caller.party);
  if (found === undefined) return noSuchChange.refused;
  if (!(await awaitEffectsBeforeRead(deps, caller, found.timeline, reply))) return found;
  return (await findChange(deps.database, id, caller.party)) ?? noSuchChange.refused;
}

/** Returns a refusal if the caller may not announce a change on the timeline. */
async function refuseTimeline({ database }: RouteDeps, { party }: Caller, timeline: string) {
  if (timeline === wall) return undefined;
  const row = await findTimeline(database, timeline);
  if (row !== undefined && mayUse(row, party)) {
    if (timelineKind(timeline) === "stepped") return undefined;
    return refusal("timeline_ended", "This timeline is an import, which accepts no changes.");
  }
  const fields = [{ at: "/timeline", message: "is not a timeline that you can use" }];
  return refusal("not_found", "You have no timeline with this id.", { fields });
}
