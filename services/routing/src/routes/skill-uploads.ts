import {
  applySkillUploadRequest,
  openSkillUploadRequest,
  skillDifference,
  skillDifferenceQuery,
  skillUpload,
  skillUploadParams,
  uploadSkillsRequest,
} from "@crossline/contracts";
import { type Http, callerOf, isRefusal, readCursor, refuse, send, writeCursor } from "@crossline/service";
import { z } from "zod";
import { addToUpload, applyUpload, isApplied, noUpload, openUpload, presentUpload } from "../commands/upload-skills.ts";
import { deleteUpload, findUpload, readDifference } from "../store/skill-uploads.ts";
import { commandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";

const personPlace = z.string().max(64);

/** Registers the routes with which a company uploads the skills of many people and applies them at once. */
export function serveSkillUploads(http: Http, deps: RouteDeps): void {
  const { allow, database } = deps;
  const onRequest = allow("carrier", "vendor");
  const response = { 200: skillUpload };
  http.post(
    "/v1/skill-uploads",
    {
      onRequest,
      schema: {
        operationId: "openSkillUpload",
        summary: "Open an upload of skills",
        refuses: ["limit_reached"],
        body: openSkillUploadRequest,
        response: { 201: skillUpload },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 201, commandRequest);
      const { mode, changedBy } = request.body;
      const outcome = await openUpload(database, commandRequest, { party, changedBy }, mode);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.get(
    "/v1/skill-uploads/:id",
    {
      onRequest,
      schema: {
        operationId: "readSkillUpload",
        summary: "Read the state of an upload",
        params: skillUploadParams,
        response,
      },
    },
    async (request, reply) => {
      const row = await findUpload(database, callerOf(request).party, request.params.id);
      return send(reply, 200, row === undefined ? noUpload : presentUpload(row));
    },
  );
  http.put(
    "/v1/skill-uploads/:id/people",
    {
      onRequest,
      schema: {
        operationId: "uploadSkills",
        summary: "Add the skills of up to 1,000 people to an upload",
        refuses: ["stale_version", "limit_reached"],
        params: skillUploadParams,
        body: uploadSkillsRequest,
        response,
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      return send(reply, 200, await addToUpload(database, party, request.params.id, request.body.people));
    },
  );
  serveUploadEnds(http, deps);
}

function serveUploadEnds(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor");
  const params = skillUploadParams;
  http.get(
    "/v1/skill-uploads/:id/difference",
    {
      onRequest,
      schema: {
        operationId: "readSkillDifference",
        summary: "Show the change that an upload would make now (dry run)",
        refuses: ["stale_version"],
        params,
        querystring: skillDifferenceQuery,
        response: { 200: skillDifference },
      },
    },
    async (request, reply) => {
      const { cursor, limit } = request.query;
      const after = readCursor(cursor, personPlace);
      if (isRefusal(after)) return send(reply, 200, after);
      const upload = await findUpload(database, callerOf(request).party, request.params.id);
      if (upload === undefined) return send(reply, 200, noUpload);
      if (upload.appliedAt !== null) return send(reply, 200, isApplied);
      const { rows, counts, revision } = await readDifference(database, upload, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map(({ person, change, before, after: then }) => ({
        person,
        change,
        ...(before !== null && { before }),
        ...(then !== null && { after: then }),
      }));
      const next = rows.length > limit && { next: writeCursor(items.at(-1)?.person) };
      return send(reply, 200, { items, counts, revision, ...next });
    },
  );
  http.post(
    "/v1/skill-uploads/:id/apply",
    {
      onRequest,
      schema: {
        operationId: "applySkillUpload",
        summary: "Apply an upload: all of its people at once",
        refuses: ["stale_version", "limit_reached"],
        params,
        body: applySkillUploadRequest,
        response: { 200: skillUpload },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const target = { party, id: request.params.id };
      const outcome = await applyUpload(database, commandRequest, target, request.body);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.delete(
    "/v1/skill-uploads/:id",
    { onRequest, schema: { operationId: "deleteSkillUpload", summary: "Delete an upload", params } },
    async (request, reply) => {
      const isDeleted = await deleteUpload(database, callerOf(request).party, request.params.id);
      return isDeleted ? reply.code(204).send() : refuse(reply, noUpload);
    },
  );
}
