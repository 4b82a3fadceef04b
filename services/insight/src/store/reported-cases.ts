import type { CaseStatus, Channel, Instant, Severity } from "@crossline/contracts";
import type { ReportedCase } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";
import { sqlOf } from "./optional-instant.ts";

type StoredCase = {
  readonly caseId: string;
  readonly timeline: string;
  readonly carrier: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly channel: Channel;
  readonly lineCarrier: string;
  readonly lineName: string;
  readonly lineVersion: number;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly osName: string | null;
  readonly osVersion: string | null;
  readonly symptom: string | null;
  readonly isCanary: boolean;
  readonly status: CaseStatus;
  readonly openedAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly confirmedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly isMerged: boolean;
  readonly contacts: number;
  readonly reopenings: number;
};

/** Returns the facts of the given cases that exist. Only the partition owner changes a case, so the rows need no lock. */
export async function loadCases(tx: Tx, caseIds: readonly string[]): Promise<ReportedCase[]> {
  if (caseIds.length === 0) return [];
  const rows = await tx.query<StoredCase>({
    name: "insight.load-cases",
    text: `
      -- insight.load-cases
      select case_id as "caseId", timeline, carrier, kind, severity, channel, line_carrier as "lineCarrier",
        line_name as "lineName", line_version as "lineVersion", device_vendor as vendor, model,
        os as "osName", os_version as "osVersion", symptom, is_canary as "isCanary", status, opened_at as "openedAt",
        resolved_at as "resolvedAt", confirmed_at as "confirmedAt", ended_at as "endedAt", is_merged as "isMerged",
        contacts, reopenings
      from reported_case where case_id = any($1::text[])`,
    values: [caseIds],
  });
  return rows.map(fromStored);
}

function fromStored(row: StoredCase): ReportedCase {
  const { lineCarrier, lineName, lineVersion, vendor, model, osName, osVersion, symptom, ...same } = row;
  return {
    ...same,
    line: { carrier: lineCarrier, name: lineName, version: lineVersion },
    device: {
      vendor: vendor ?? undefined,
      model: model ?? undefined,
      os: { ...(osName !== null && { name: osName }), ...(osVersion !== null && { version: osVersion }) },
    },
    symptom: symptom ?? undefined,
    resolvedAt: row.resolvedAt ?? undefined,
    confirmedAt: row.confirmedAt ?? undefined,
    endedAt: row.endedAt ?? undefined,
  };
}

/** Saves the facts of cases. The rows are written in the order of their ids, so that replicas never wait for each other in a circle. */
export async function saveCases(tx: Tx, cases: readonly ReportedCase[]): Promise<void> {
  if (cases.length === 0) return;
  const rows = cases.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  const column = <T>(pick: (facts: ReportedCase) => T): T[] => rows.map(pick);
  await tx.query({
    name: "insight.save-cases",
    text: `
      -- insight.save-cases
      insert into reported_case as c (case_id, timeline, carrier, kind, severity, channel, line_carrier, line_name,
        line_version, device_vendor, model, os, os_version, symptom, is_canary, status, opened_at, resolved_at,
        confirmed_at, ended_at, is_merged, contacts, reopenings)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::integer[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::boolean[], $16::text[],
        $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[], $21::boolean[], $22::integer[],
        $23::integer[])
      on conflict (case_id) do update set
        severity = excluded.severity, line_carrier = excluded.line_carrier, line_name = excluded.line_name,
        line_version = excluded.line_version, device_vendor = excluded.device_vendor, model = excluded.model,
        os = excluded.os, os_version = excluded.os_version, symptom = excluded.symptom, status = excluded.status,
        resolved_at = excluded.resolved_at, confirmed_at = excluded.confirmed_at, ended_at = excluded.ended_at,
        is_merged = excluded.is_merged, contacts = excluded.contacts, reopenings = excluded.reopenings`,
    values: [
      column(({ caseId }) => caseId),
      column(({ timeline }) => timeline),
      column(({ carrier }) => carrier),
      column(({ kind }) => kind),
      column(({ severity }) => severity),
      column(({ channel }) => channel),
      column(({ line }) => line.carrier),
      column(({ line }) => line.name),
      column(({ line }) => line.version),
      column(({ device }) => device.vendor ?? null),
      column(({ device }) => device.model ?? null),
      column(({ device }) => device.os.name ?? null),
      column(({ device }) => device.os.version ?? null),
      column(({ symptom }) => symptom ?? null),
      column(({ isCanary }) => isCanary),
      column(({ status }) => status),
      column(({ openedAt }) => toSql(openedAt)),
      column(({ resolvedAt }) => sqlOf(resolvedAt)),
      column(({ confirmedAt }) => sqlOf(confirmedAt)),
      column(({ endedAt }) => sqlOf(endedAt)),
      column(({ isMerged }) => isMerged),
      column(({ contacts }) => contacts),
      column(({ reopenings }) => reopenings),
    ],
  });
}
