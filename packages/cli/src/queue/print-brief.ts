import type { Brief, QueueHandoff } from "@crossline/contracts";
import { print, printRows, printTable } from "../print.ts";
import { formatSpan } from "../span.ts";

type ShownHandoff = Partial<Pick<QueueHandoff, "phase" | "age" | "acceptBy" | "leaseUntil" | "endedAt">>;

/** Prints a hand-off and its brief for an engineer. */
export function printBrief(handoffId: string, handoff: ShownHandoff, brief: Brief | undefined): void {
  print(`${handoffId}${brief === undefined ? "" : ` · ${brief.case.title} (${brief.case.id})`}`);
  const rows: Readonly<Record<string, string | undefined>> = {
    phase: handoff.phase,
    "accept by": handoff.acceptBy,
    "claimed until": handoff.leaseUntil,
    end: handoff.endedAt,
    ...(brief !== undefined && rowsOf(brief)),
  };
  printTable(Object.entries(rows).flatMap(([name, text]) => (text ? [{ name, text }] : [])));
  if (brief === undefined) return;
  const { hypotheses, tried, facts, notes } = brief;
  printRows(
    [
      ...hypotheses.map(({ at, by, party, text }) => ({
        at,
        by: by === "customer" ? by : party,
        what: `hypothesis: ${text}`,
      })),
      ...tried.map(({ at, party, step }) => ({ at, by: party, what: `tried ${step.name}: ${step.outcome}` })),
      ...facts.map(({ at, party, fact }) => ({ at, by: party, what: `${fact.name} = ${fact.value}` })),
      ...notes.map(({ at, party, text }) => ({ at, by: party, what: text })),
    ].toSorted((one, other) => one.at.localeCompare(other.at)),
  );
}

function rowsOf(brief: Brief): Readonly<Record<string, string | undefined>> {
  const {
    case: known,
    device,
    symptom,
    liveHandling,
    owed = [],
    knownErrors = [],
    workarounds = [],
    promises,
    needBy,
    incident,
    subject,
  } = brief;
  const list = (texts: readonly string[]): string | undefined => texts.join(", ") || undefined;
  return {
    case: `${known.carrierCaseId} of ${known.carrier}, ${known.kind}, ${known.severity}, version ${known.version}`,
    device: list([device?.vendor, device?.model, device?.os].flatMap((text) => text ?? [])),
    symptom,
    customer: liveHandling && `on the ${liveHandling.channel} for ${liveHandling.minutes} min`,
    "need-by": needBy,
    owed: list(owed.map(({ item, from }) => `${item} from ${from}`)),
    "known fixes": list(knownErrors.map(({ fixCode, cures }) => `${fixCode} (${cures})`)),
    incident: incident && incidentText(incident),
    workarounds: list(workarounds.map(({ workaround }) => workaround)),
    promises: list(promises),
    "held so far": list(Object.entries(brief.timesByHolder).map(([party, ms]) => `${party} ${formatSpan(ms)}`)),
    subject: list(Object.entries(subject ?? {}).map(([name, value]) => `${name} ${value}`)),
  };
}

/** Returns the size of the incident that the case leads, and the days on which its first and last case were opened. */
function incidentText({ id, cases, firstOpenedAt, lastOpenedAt }: NonNullable<Brief["incident"]>): string {
  const since = firstOpenedAt === undefined ? "" : `, opened from ${firstOpenedAt} to ${lastOpenedAt ?? firstOpenedAt}`;
  return `${cases} cases wait for this one${since} (${id})`;
}
