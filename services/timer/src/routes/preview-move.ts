import { caseId, clockKind, formatInstant, instant, lineRef, refusal, slug, type Refusal } from "@crossline/contracts";
import { partEnded, previewMove } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Caller, type Http, authenticated, callerOf, send, setTimelineHeader } from "@crossline/service";
import { z } from "zod";
import { findNewestLine } from "../store/lines.ts";
import { type VisibleCase, findVisibleCase } from "../store/visible-case.ts";
import type { ClockRouteDeps } from "./clocks.ts";

const side = z.object({ targetMs: z.int(), dueAt: instant.optional() });

const movePreview = z
  .object({
    caseId,
    at: instant,
    from: lineRef,
    to: lineRef,
    clocks: z
      .array(
        z.object({
          clock: z.string().meta({ examples: ["stall.busy"] }),
          kind: clockKind,
          old: side.optional(),
          new: side.optional(),
        }),
      )
      .meta({
        description:
          "A clock without `new` would end. A clock without `old` would start. `dueAt` is the deadline of the breach",
      }),
  })
  .meta({ id: "MovePreview" });

const query = z.strictObject({ line: slug, version: z.coerce.number().int().min(1).max(1_000_000).optional() });

/**
 * Registers `GET /v1/cases/:id/clocks/preview`, which returns the clocks that a case would have under another line or line version.
 */
export function servePreview(http: Http, deps: ClockRouteDeps): void {
  http.get(
    "/v1/cases/:id/clocks/preview",
    {
      onRequest: authenticated(deps.authenticate),
      schema: {
        operationId: "previewMove",
        summary: "Preview the clocks of a case under another line",
        refuses: ["forbidden", "unknown_line"],
        tags: ["clocks"],
        params: z.object({ id: caseId }),
        querystring: query,
        response: { 200: movePreview },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const visible = await findVisibleCase(deps.database, deps.lines, request.params.id, caller);
      if (visible === undefined) return send(reply, 200, refusal("not_found", "No case has this id."));
      setTimelineHeader(reply, visible.state.timeline);
      return send(reply, 200, await preview(deps, visible, caller, request.query));
    },
  );
}

async function preview(
  { database, lines }: ClockRouteDeps,
  visible: VisibleCase,
  caller: Caller,
  { line: name, version }: z.output<typeof query>,
): Promise<z.input<typeof movePreview> | Refusal> {
  const { state, lastEventAt, mark, endedAt } = visible;
  if (endedAt !== undefined) return partEnded;
  if (caller.party !== state.carrier && caller.kind === "vendor" && name !== state.line.name)
    return refusal("forbidden", "A vendor can preview only the line of the case.");
  const to = await findNewestLine(database, state.carrier, name, version);
  if (to === undefined) return refusal("unknown_line", `${state.carrier} has not published this version of ${name}.`);
  await lines.load(database, [to]);
  const currentInstant = state.timeline === "wall" ? await now(database) : (mark ?? lastEventAt);
  const at = Math.max(currentInstant, lastEventAt);
  const clocks = previewMove(state, lines.get(state.line), lines.get(to), at);
  return {
    caseId: state.caseId,
    at: formatInstant(at),
    from: state.line,
    to,
    clocks: clocks as z.input<typeof movePreview>["clocks"],
  };
}
