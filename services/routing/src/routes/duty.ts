import { setImmediate } from "node:timers/promises";
import {
  type DutyResponse,
  type Instant,
  type Refusal,
  dutyQuery,
  dutyResponse,
  formatInstant,
  parseInstant,
  partyOf,
  refusal,
} from "@crossline/contracts";
import { type Dialling, type DutyPlan, planDuty, rostersNamedIn, unreachablePeople } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { findDialling } from "../store/dialling.ts";
import { type Lines, listLines } from "../store/lines.ts";
import { type RosterRow, listRosters, newestVersions, readRosters } from "../store/rosters.ts";
import type { RouteDeps } from "./deps.ts";
import { rosterOwnerOf, rosterOwnerRefusals } from "./roster-owner.ts";

const dayMs = 86_400_000;
const longestMs = 31 * dayMs;
const usualMs = 7 * dayMs;
/** A carrier has at most 100 lines, and as many lines of imports. A party has at most 100 rosters. */
const linesMax = 200;
const rostersMax = 100;

type DutyWindow = { readonly from: Instant; readonly to: Instant };
type PresentedRoster = DutyResponse["rosters"][number];

/** Registers `GET /v1/duty`: who is on duty on the caller's rosters, and whether the other rosters of its lines are covered. */
export function serveDuty(http: Http, { allow, database, lines }: RouteDeps): void {
  http.get(
    "/v1/duty",
    {
      onRequest: allow("carrier", "vendor", "operator"),
      schema: {
        operationId: "readDuty",
        summary: "Read who is on duty in the next days, on your rosters and on the rosters that your lines name",
        refuses: rosterOwnerRefusals,
        querystring: dutyQuery,
        response: { 200: dutyResponse },
      },
    },
    async (request, reply) => {
      const party = await rosterOwnerOf(database, callerOf(request), request.query.party);
      if (isRefusal(party)) return send(reply, 200, party);
      const window = windowOf(request.query, await now(database));
      if (isRefusal(window)) return send(reply, 200, window);
      const [rows, dialling] = await Promise.all([findRostersOf(database, lines, party), findDialling(database)]);
      const rosters: PresentedRoster[] = [];
      for (const row of rows) {
        // A roster takes up to 20 ms, so escalations continue between two rosters.
        await setImmediate();
        const plan = planDuty(row.document, window);
        rosters.push({
          ...presentCoverage(row, plan),
          ...(row.party === party && { own: presentOwn(row, plan, dialling) }),
        });
      }
      return send(reply, 200, { from: formatInstant(window.from), to: formatInstant(window.to), rosters });
    },
  );
}

function windowOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  present: Instant,
): DutyWindow | Refusal {
  const from = query.from === undefined ? present : parseInstant(query.from);
  const to = query.to === undefined ? from + usualMs : parseInstant(query.to);
  if (from < to && to <= from + longestMs) return { from, to };
  const message = "must be after `from`, by at most 31 days";
  return refusal("invalid_request", `The query is not valid: to ${message}.`, { fields: [{ at: "to", message }] });
}

/** Returns the newest versions of the party's rosters, and then of the rosters that its lines name. */
async function findRostersOf(database: Database, lines: Lines, party: string): Promise<RosterRow[]> {
  const published = await listLines(database, party, "", linesMax);
  await lines.load(database, published);
  const named = new Set(published.flatMap((line) => rostersNamedIn(lines.get(line))));
  const others = [...named].filter((roster) => partyOf(roster) !== party);
  const newest = others.length === 0 ? [] : await newestVersions(database, others.toSorted());
  const own = await listRosters(database, party, "", rostersMax);
  const found = newest.length === 0 ? [] : await readRosters(database, newest);
  const keyOf = ({ party: owner, name }: RosterRow): string => `${owner}.${name}`;
  return [...own, ...found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))];
}

/** Of another company's roster, the caller reads only the covered times and the gaps. */
function presentCoverage({ party, name }: RosterRow, { to, coverage }: DutyPlan) {
  return {
    roster: { party, name },
    until: formatInstant(to),
    coverage: coverage.map((span) => ({
      from: formatInstant(span.from),
      to: formatInstant(span.to),
      state: span.isCovered ? ("covered" as const) : ("gap" as const),
    })),
  };
}

function presentOwn(
  { version, document }: RosterRow,
  { shifts }: DutyPlan,
  dialling: Dialling | undefined,
): PresentedRoster["own"] {
  const unreachable = new Map(unreachablePeople(document, dialling).map(({ at, message }) => [at, message]));
  return {
    version,
    shifts: shifts.map(({ from, to, ...rest }) => ({ ...rest, from: formatInstant(from), to: formatInstant(to) })),
    people: document.people.map(({ id, name, quiet }, index) => {
      const reason = unreachable.get(`/people/${index}`);
      return {
        person: id,
        name,
        ...(quiet !== undefined && { quiet }),
        ...(reason !== undefined && { unreachable: reason }),
      };
    }),
  };
}
