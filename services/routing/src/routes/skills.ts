import {
  type Instant,
  type SkillChange,
  type SkilledPerson,
  formatInstant,
  parseInstant,
  skillChangePage,
  skillChangesQuery,
  skillListQuery,
  skillOwnerQuery,
  skillParams,
  skillResultPage,
  skilledPerson,
} from "@crossline/contracts";
import { isValid } from "@crossline/domain";
import { now } from "@crossline/postgres";
import { type Http, callerOf, isRefusal, readCursor, send, writeCursor } from "@crossline/service";
import { z } from "zod";
import { noSkills } from "../commands/change-skills.ts";
import { findSkilled } from "../commands/find-skilled.ts";
import { type SkillChangeRow, listSkillChanges } from "../store/skill-changes.ts";
import { type SkilledPersonRow, findSkilledPerson } from "../store/skills.ts";
import type { RouteDeps } from "./deps.ts";
import { skillOwnerOf, skillOwnerRefusals } from "./skill-owner.ts";

const personPlace = z.string().max(64);
const numberPlace = z.int().min(0);

/** Registers the routes that read skills. A company reads the skills of its own people, and the operator those of any company. */
export function serveSkills(http: Http, { allow, database }: RouteDeps): void {
  const onRequest = allow("carrier", "vendor", "operator");
  http.get(
    "/v1/skills",
    {
      onRequest,
      schema: {
        operationId: "listSkills",
        summary: "List the people with skills, or the people who are certified for a device",
        refuses: skillOwnerRefusals,
        querystring: skillListQuery,
        response: { 200: skillResultPage },
      },
    },
    async (request, reply) => {
      const { party: named, cursor, limit, os, model, level, at } = request.query;
      const party = await skillOwnerOf(database, callerOf(request), named);
      if (isRefusal(party)) return send(reply, 200, party);
      const after = readCursor(cursor, personPlace);
      if (isRefusal(after)) return send(reply, 200, after);
      const instant = at === undefined ? await now(database) : parseInstant(at);
      const isFiltered = os !== undefined || model !== undefined || level !== undefined || at !== undefined;
      const demand = isFiltered ? { device: { os, model }, level: level ?? 1, at: instant } : undefined;
      const { people, revision, next } = await findSkilled(database, { party, demand, after: after ?? "", limit });
      return send(reply, 200, {
        items: people.map((row) => presentPerson(row, instant)),
        revision,
        ...(next !== undefined && { next: writeCursor(next) }),
      });
    },
  );
  http.get(
    "/v1/skills/:person",
    {
      onRequest,
      schema: {
        operationId: "readSkills",
        summary: "Read the skills of a person",
        refuses: skillOwnerRefusals,
        params: skillParams,
        querystring: skillOwnerQuery,
        response: { 200: skilledPerson },
      },
    },
    async (request, reply) => {
      const party = await skillOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const row = await findSkilledPerson(database, party, request.params.person);
      return send(reply, 200, row === undefined ? noSkills : presentPerson(row, await now(database)));
    },
  );
  serveSkillHistory(http, { allow, database });
}

function serveSkillHistory(http: Http, { allow, database }: Pick<RouteDeps, "allow" | "database">): void {
  http.get(
    "/v1/skills/:person/changes",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "listSkillChanges",
        summary: "List the changes of a person's skills, newest first",
        refuses: skillOwnerRefusals,
        params: skillParams,
        querystring: skillChangesQuery,
        response: { 200: skillChangePage },
      },
    },
    async (request, reply) => {
      const { party: named, cursor, limit } = request.query;
      const party = await skillOwnerOf(database, callerOf(request), named);
      if (isRefusal(party)) return send(reply, 200, party);
      const before = readCursor(cursor, numberPlace);
      if (isRefusal(before)) return send(reply, 200, before);
      const { person } = request.params;
      const rows = await listSkillChanges(database, { party, person }, before ?? Number.MAX_SAFE_INTEGER, limit + 1);
      const items = rows.slice(0, limit).map((row) => presentChange(row));
      return send(reply, 200, { items, ...(rows.length > limit && { next: writeCursor(items.at(-1)?.number) }) });
    },
  );
}

/** Returns a person as the API shows the person, with the skills that are valid at the instant. */
export function presentPerson({ person, skills, changedAt }: SkilledPersonRow, at: Instant): SkilledPerson {
  return {
    person,
    skills: skills.map((skill) => ({ ...skill, valid: isValid(skill, at) })),
    changedAt: formatInstant(changedAt),
  };
}

function presentChange({ number, at, party, actor, upload, before, after }: SkillChangeRow): SkillChange {
  return {
    number,
    at: formatInstant(at),
    by: { party, ...(actor !== null && { person: actor }) },
    ...(upload !== null && { upload }),
    ...(before !== null && { before }),
    ...(after !== null && { after }),
  };
}
