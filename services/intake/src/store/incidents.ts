import type { Instant } from "@crossline/contracts";
import { type IncidentState, incidentScopeKey } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The scope of alike cases of a carrier. */
export type AlikeScope = { readonly timeline: string; readonly carrier: string; readonly scopeKey: string };

/** Inserts an incident. Returns false if an incident of its scope is open. */
export async function insertIncident(tx: Tx, state: IncidentState): Promise<boolean> {
  const { id, timeline, carrier, scope, openedAt, ended } = state;
  const rows = await tx.query({
    text: `
      -- incident.insert
      insert into incident (id, timeline, carrier, scope_key, opened_at, ended_at, state)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (carrier, timeline, scope_key) where ended_at is null do nothing returning id`,
    values: [
      id,
      timeline,
      carrier,
      scope === undefined ? null : incidentScopeKey(scope),
      toSql(openedAt),
      ended === undefined ? null : toSql(ended.at),
      JSON.stringify(state),
    ],
  });
  return rows.length > 0;
}

/** Saves the state of an incident that the transaction has locked. */
export async function updateIncident(tx: Tx, state: IncidentState): Promise<void> {
  const { id, ended } = state;
  await tx.query({
    text: `
      -- incident.update
      update incident set ended_at = $2, state = $3 where id = $1`,
    values: [id, ended === undefined ? null : toSql(ended.at), JSON.stringify(state)],
  });
}

/** Locks an incident until the transaction ends, and returns it. Returns undefined if no incident has this id. */
export async function lockIncident(tx: Tx, id: string): Promise<IncidentState | undefined> {
  const [row] = await tx.query<{ state: IncidentState }>({
    text: `
      -- incident.lock
      select state from incident where id = $1 for no key update`,
    values: [id],
  });
  return row?.state;
}

/** Locks the open incident of a scope until the transaction ends, and returns it. */
export async function lockOpenIncident(tx: Tx, { timeline, carrier, scopeKey }: AlikeScope) {
  const [row] = await tx.query<{ state: IncidentState }>({
    text: `
      -- incident.lock-open
      select state from incident where carrier = $1 and timeline = $2 and scope_key = $3 and ended_at is null
      for no key update`,
    values: [carrier, timeline, scopeKey],
  });
  return row?.state;
}

/** Returns an incident; undefined if no incident has this id. The caller checks its carrier. */
export async function findIncident(tx: Tx, id: string): Promise<IncidentState | undefined> {
  const [row] = await tx.query<{ state: IncidentState }>({
    text: `
      -- incident.find
      select state from incident where id = $1`,
    values: [id],
  });
  return row?.state;
}

type IncidentQuery = {
  readonly carrier: string;
  readonly timeline: string;
  readonly state?: "open" | "ended" | undefined;
  readonly before?: { readonly openedAt: Instant; readonly id: string } | undefined;
  readonly limit: number;
};

/** Returns the incidents of a carrier, the newest first. */
export async function listIncidents(
  tx: Tx,
  { carrier, timeline, state, before, limit }: IncidentQuery,
): Promise<IncidentState[]> {
  const rows = await tx.query<{ state: IncidentState }>({
    text: `
      -- incident.list
      select state from incident
      where carrier = $1 and timeline = $2 and ($3::text is null or ($3 = 'open') = (ended_at is null))
        and ($4::timestamptz is null or opened_at < $4 or (opened_at = $4 and id > $5))
      order by opened_at desc, id limit $6`,
    values: [
      carrier,
      timeline,
      state ?? null,
      before === undefined ? null : toSql(before.openedAt),
      before?.id ?? null,
      limit,
    ],
  });
  return rows.map((row) => row.state);
}
