import {
  removeSkillsQuery,
  setManySkillsRequest,
  setSkillsRequest,
  skillCounts,
  skillParams,
  skilledPerson,
} from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { type Http, callerOf, isRefusal, refuse, send } from "@crossline/service";
import { removeSkills, setPeople, setPerson } from "../commands/change-skills.ts";
import { commandRequestOf } from "./command-request.ts";
import type { RouteDeps } from "./deps.ts";
import { presentPerson } from "./skills.ts";

/** Registers the routes with which a company changes the skills of its own people. */
export function serveSkillChanges(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor");
  http.put(
    "/v1/skills/:person",
    {
      onRequest,
      schema: {
        operationId: "setSkills",
        summary: "Replace the skills of a person",
        refuses: ["limit_reached"],
        params: skillParams,
        body: setSkillsRequest,
        response: { 200: skilledPerson },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const { skills, changedBy } = request.body;
      const row = await setPerson(database, { party, changedBy }, request.params.person, skills);
      return send(reply, 200, isRefusal(row) ? row : presentPerson(row, await now(database)));
    },
  );
  http.post(
    "/v1/skills",
    {
      onRequest,
      schema: {
        operationId: "setManySkills",
        summary: "Replace the skills of several people; all other people stay as they are",
        refuses: ["limit_reached"],
        body: setManySkillsRequest,
        response: { 200: skillCounts },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const commandRequest = commandRequestOf(request);
      if (isRefusal(commandRequest)) return send(reply, 200, commandRequest);
      const { people, changedBy } = request.body;
      const outcome = await setPeople(database, commandRequest, { party, changedBy }, people);
      return send(reply, 200, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.delete(
    "/v1/skills/:person",
    {
      onRequest,
      schema: {
        operationId: "removeSkills",
        summary: "Remove the skills of a person; the history stays",
        params: skillParams,
        querystring: removeSkillsQuery,
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const { changedBy } = request.query;
      const refused = await removeSkills(database, { party, changedBy }, request.params.person);
      return refused === undefined ? reply.code(204).send() : refuse(reply, refused);
    },
  );
}
