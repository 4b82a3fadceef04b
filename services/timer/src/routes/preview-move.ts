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
      .meta({ description: "`old` alone: would end; `new` alone: would start. `dueAt` is when it would breach" }),
  })
  .meta({ id: "MovePreview" });

const query = z.strictObject({ line: slug, version: z.coerce.number().int().min(1).max(1_000_000).optional() });

/** `GET /v1/cases/:id/clocks/preview`: what would become of a case's clocks under another line, or version of its own. */
export function servePreview(http: Http, deps: ClockRouteDeps): void {
  http.get(
    "/v1/cases/:id/clocks/preview",
    {
      onRequest: authenticated(deps.authenticate),
      schema: {
        operationId: "previewMove",
        summary: "Show what a move to another line would change",
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
    return refusal("forbidden", "A vendor can preview only the line that the case is under.");
  const to = await findNewestLine(database, state.carrier, name, version);
  if (to === undefined) return refusal("unknown_line", `${state.carrier} has published no such version of ${name}.`);
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
