import { refusal } from "@crossline/contracts";
import { type Http, callerOf, isRefusal, refuse } from "@crossline/service";
import { z } from "zod";
import { findMailAttachment } from "../store/mail-attachments.ts";
import type { RouteDeps } from "./deps.ts";
import { caseParams, readVisible } from "./visible-case.ts";

const attachmentParams = caseParams.extend({
  attachmentId: z.string().max(64).meta({ description: "The id in the `url` of the attachment's entry" }),
});

const unknownFile = refusal("not_found", "You have no attached file with this id.");

/**
 * Serves the attached files of inbound mails. A company may read a file if it may read the file's entry. A browser saves the file and
 * never shows it, because a customer chose its content.
 */
export function serveAttachments(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/cases/:id/attachments/:attachmentId",
    {
      schema: {
        operationId: "readAttachment",
        summary: "Read an attached file of a customer's mail",
        params: attachmentParams,
        responses: { 200: { schema: z.string().meta({ format: "binary" }), mediaType: "application/octet-stream" } },
      },
    },
    async (request, reply) => {
      const { id: caseId, attachmentId: id } = request.params;
      const visible = await readVisible(deps, caseId, callerOf(request), reply);
      if (isRefusal(visible)) return refuse(reply, visible);
      const file = await findMailAttachment(deps.database, { caseId, id, last: visible.state.entries });
      if (file === undefined) return refuse(reply, unknownFile);
      void reply.header("content-disposition", `attachment; filename*=UTF-8''${encodeFileName(file.name)}`);
      void reply.header("x-content-type-options", "nosniff");
      void reply.header("content-security-policy", "sandbox; default-src 'none'");
      void reply.header("cache-control", "private, no-store");
      return reply.type("application/octet-stream").send(file.bytes);
    },
  );
}

/** Encodes a file name (RFC 8187, 3.2). */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
