import { type Brief, type Instant, formatInstant } from "@crossline/contracts";
import { completeness, missingItems } from "../dossier/required-items.ts";
import { timesByHolder } from "../holder-times.ts";
import { type CaseCrossing, returnsOf } from "./case-crossing.ts";
import type { KnownError } from "./deps.ts";

type DatedItem = { readonly at: Instant };

/** Returns the brief of a case as of an instant. */
export function briefAt(state: CaseCrossing, at: Instant, knownErrors: readonly KnownError[] = []): Brief {
  const { material } = state;
  const dated = <T extends DatedItem>({ at: when, ...rest }: T) => ({ at: formatInstant(when), ...rest });
  const live = material.handlings.findLast(({ liveUntil }) => liveUntil > at);
  const { device, symptom, needBy, subject, linkedChanges = [] } = material;
  const { requires = [] } = state;
  const facts = [...material.facts.map(({ fact }) => fact.name), ...(material.given ?? [])];
  const owed = missingItems(requires, { ...material, facts });
  const withoutModelOrSymptom = [
    ...(device?.model === undefined ? ["device.model"] : []),
    ...(symptom === undefined ? ["symptom"] : []),
  ];
  return {
    case: {
      id: state.caseId,
      carrier: state.carrier,
      carrierCaseId: material.carrierCaseId,
      kind: material.kind,
      severity: material.severity,
      title: material.title,
      openedAt: formatInstant(material.openedAt),
      version: material.version,
    },
    ...(device !== undefined && { device }),
    ...(symptom !== undefined && { symptom }),
    hypotheses: material.hypotheses.map(dated),
    tried: material.tried.map(dated),
    facts: material.facts.map(dated),
    notes: material.notes.map(dated),
    missing: [...new Set([...withoutModelOrSymptom, ...owed.map(({ item }) => item)])],
    ...(requires.length > 0 && { owed: [...owed], completeness: completeness(requires, owed) }),
    ...(needBy !== undefined && { needBy }),
    ...(linkedChanges.length > 0 && { linkedChanges: [...linkedChanges] }),
    promises: (material.promises ?? []).map(({ text }) => text),
    ...(material.attachments !== undefined && { attachments: material.attachments.map(dated) }),
    contacts: { ...material.contacts, lastAt: formatInstant(material.contacts.lastAt) },
    timesByHolder: { ...timesByHolder(state, at) },
    ...(live !== undefined && {
      liveHandling: {
        channel: live.channel,
        startedAt: formatInstant(live.startedAt),
        minutes: Math.floor((at - live.startedAt) / 60_000),
      },
    }),
    ...(state.joint !== undefined && { joint: true }),
    ...(returnsOf(state) > 0 && { returns: returnsOf(state) }),
    ...(material.incident !== undefined && { incident: material.incident }),
    ...(knownErrors.length > 0 && { knownErrors: [...knownErrors] }),
    ...(material.workarounds !== undefined && {
      workarounds: material.workarounds.map(({ workaround, fixCode }) => {
        return { workaround, ...(fixCode !== undefined && { fixCode }) };
      }),
    }),
    omitted: material.omitted,
    ...(subject !== undefined && { subject }),
  };
}
