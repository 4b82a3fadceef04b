import {
  type CaseEvent,
  type Channel,
  type ClockEvent,
  type EventData,
  type Instant,
  parseInstant,
} from "@crossline/contracts";
import { earlierNeedBy } from "../case/need-by.ts";
import { correctDevice, addToSubject } from "../case/subject.ts";
import { liveUntilAfter } from "../clock/live-handlings.ts";
import type { Line } from "../line/line.ts";
import { ledIncidentOf } from "./led-incident.ts";
import { type Entry, type Material, asNewVersion, limitLists } from "./material-version.ts";
import { type WordedEvent, wordsOf } from "./words.ts";

const listMax = 30;
const textMax = 1000;
const handlingsMax = 20;
const givenMax = 200;

/** Returns the material of a newly opened case. The opening is the first contact of the case. */
export function openMaterial(data: EventData<"case.opened">, at: Instant): Material {
  const { carrierCaseId, kind, severity, title, device, symptom, needBy, subject } = data;
  return {
    version: 1,
    changes: [],
    carrierCaseId,
    kind,
    severity,
    title,
    device,
    symptom,
    needBy,
    subject,
    openedAt: at,
    hypotheses: [],
    tried: [],
    facts: [],
    notes: [],
    omitted: 0,
    contacts: { count: 1, byChannel: { [data.channel]: 1 }, lastAt: at },
    handlings: [],
  };
}

/** Returns the material after an event of the case. `line` is the line of the case. Internal entries change nothing. */
export function updateMaterial(
  material: Material,
  event: CaseEvent | ClockEvent,
  line: Pick<Line, "handlings">,
): Material {
  switch (event.type) {
    case "case.contacted": {
      const { count, byChannel } = material.contacts;
      const { channel } = event.data;
      const contacts = {
        count: count + 1,
        byChannel: { ...byChannel, [channel]: (byChannel[channel] ?? 0) + 1 },
        lastAt: event.time,
      };
      return asNewVersion({ ...addToSubject(material, event.data.subject), contacts }, `contact by ${channel}`);
    }
    case "entry.added":
      // The hand-off event has already added the texts of this entry.
      return event.data.audience === "internal" || event.data.of !== undefined
        ? material
        : addEntry(addToSubject(material, event.data.subject), event.data, event.time);
    case "handling.started":
    case "handling.continued": {
      const { handlingId: id, channel } = event.data;
      const former = material.handlings.find((handling) => handling.id === id);
      const others = material.handlings.filter((handling) => handling !== former).slice(1 - handlingsMax);
      const startedAt = former?.startedAt ?? event.time;
      const liveUntil = liveUntilAfter(event.time, former, line.handlings);
      return { ...material, handlings: [...others, { id, channel, startedAt, liveUntil }] };
    }
    case "promise.made": {
      const { promiseId: id, promisor, text, until } = event.data;
      const promises = [...(material.promises ?? []), { id, text: `${promisor}, until ${until}: ${text}` }];
      return asNewVersion({ ...material, promises }, "promise");
    }
    case "promise.delivered":
    case "promise.withdrawn": {
      const promises = (material.promises ?? []).filter(({ id }) => id !== event.data.promiseId);
      return asNewVersion({ ...material, promises }, "promise");
    }
    case "change.linked":
    case "change.unlinked":
      return linkMaterial(material, event);
    case "known-error.matched":
      return addWorkaround(material, event.data);
    case "case.merged":
      return addMergedCase(material, event.data);
    case "case.corrected":
      return correctMaterial(material, event.data);
    case "case.severity-changed":
      return asNewVersion({ ...material, severity: event.data.to }, `severity: ${event.data.to}`);
    case "incident.opened":
      return asNewVersion({ ...material, incident: ledIncidentOf(event.data) }, `incident: ${event.data.cases} cases`);
    case "incident.counted":
      // A version for each of a thousand joins would make every acceptance name an old version.
      return leads(material, event.data) ? { ...material, incident: ledIncidentOf(event.data) } : material;
    case "incident.ended": {
      const { incident: _, ...rest } = material;
      return leads(material, event.data) ? asNewVersion(rest, "incident ended") : material;
    }
    case "handling.ended":
      return { ...material, handlings: material.handlings.filter(({ id }) => id !== event.data.handlingId) };
    case "crossing.requested":
    case "case.reopened":
      return addWords(material, event, event.time);
    default:
      return material;
  }
}

/**
 * Adds the texts of a hand-off event to the next brief. The version does not change, because authors do not have to read their
 * own texts before the acceptance.
 */
export function addWords(material: Material, fact: WordedEvent, at: Instant): Material {
  const words = wordsOf(fact);
  const { notes } = material;
  if (words === undefined) return material;
  const note = { at, party: fact.data.actor.party, text: words.text };
  const omitted = material.omitted + (notes.length < listMax ? 0 : 1);
  return limitLists({ ...material, notes: [...notes.slice(1 - listMax), note], omitted });
}

/** Adds the workaround of a known error, or replaces its former text. */
function addWorkaround(material: Material, data: EventData<"known-error.matched">): Material {
  const { problemId, workaround, fixCode } = data;
  const others = (material.workarounds ?? []).filter((one) => one.problemId !== problemId);
  const workarounds = [...others, { problemId, workaround, ...(fixCode !== undefined && { fixCode }) }];
  return asNewVersion({ ...material, workarounds }, "workaround of a known error");
}

/** Adds items that a reply to an information request supplied, so that the items are no longer missing. */
export function addGivenItems(material: Material, items: readonly string[]): Material {
  const givenItems = [...new Set([...(material.given ?? []), ...items])].slice(-givenMax);
  return givenItems.length === 0 ? material : { ...material, given: givenItems };
}

function leads({ incident }: Material, { incidentId }: { readonly incidentId: string }): boolean {
  return incident?.id === incidentId;
}

/** Replaces the corrected fields, and the identities of the device if the correction names identities. */
function correctMaterial(material: Material, data: EventData<"case.corrected">): Material {
  const {
    title = material.title,
    device = material.device,
    symptom = material.symptom,
    needBy = material.needBy,
  } = data;
  const what = (["title", "device", "symptom", "needBy", "subject"] as const).filter(
    (name) => data[name] !== undefined,
  );
  const subject = data.subject === undefined ? material.subject : correctDevice(material.subject, data.subject);
  return asNewVersion(
    { ...material, title, device, symptom, needBy: needBy ?? undefined, subject },
    `corrected: ${what.join(", ")}`,
  );
}

/** Adds or removes the link to a change. */
function linkMaterial(
  material: Material,
  { type, data }: Extract<CaseEvent, { type: "change.linked" | "change.unlinked" }>,
): Material {
  const others = (material.linkedChanges ?? []).filter(({ changeId }) => changeId !== data.changeId);
  if (type === "change.unlinked")
    return asNewVersion({ ...material, linkedChanges: others }, "link to a change removed");
  const { changeId, by, title, startsAt, late } = data;
  const linkedChanges = [...others, { changeId, by, title, startsAt, late }];
  return asNewVersion({ ...material, linkedChanges }, `change of ${by}`);
}

/**
 * Adds the material of a source case. The source case fills absent fields, and its entries are sorted into the lists by time.
 */
function addMergedCase(material: Material, data: EventData<"case.merged">): Material {
  const filled: Material = {
    ...addToSubject(addGivenItems(material, data.given ?? []), data.subject),
    device: material.device ?? data.device,
    symptom: material.symptom ?? data.symptom,
    needBy: earlierNeedBy(material.needBy, data.needBy),
    contacts: addContacts(material.contacts, data.contacts),
  };
  const merged = data.entries.reduce((before, { at, ...entry }) => addEntry(before, entry, parseInstant(at)), filled);
  const { hypotheses, tried, facts, notes, attachments } = merged;
  const inOrder = {
    hypotheses: byTime(hypotheses),
    tried: byTime(tried),
    facts: byTime(facts),
    notes: byTime(notes),
    ...(attachments !== undefined && { attachments: byTime(attachments) }),
  };
  const { version, changes } = material;
  return asNewVersion({ ...merged, ...inOrder, version, changes }, `merged with ${data.carrierCaseId}`);
}

function byTime<T extends Entry>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((one, other) => one.at - other.at);
}

function addContacts(own: Material["contacts"], others: EventData<"case.merged">["contacts"]): Material["contacts"] {
  const byChannel = { ...own.byChannel };
  for (const [name, count] of Object.entries(others.byChannel)) {
    const channel = name as Channel;
    byChannel[channel] = (byChannel[channel] ?? 0) + count;
  }
  const lastAt = Math.max(own.lastAt, parseInstant(others.lastAt));
  return { count: own.count + others.count, byChannel, lastAt };
}

type EntryContent = Pick<EventData<"entry.added">, "actor" | "kind" | "by" | "text" | "step" | "fact" | "attachment">;

function addEntry(material: Material, data: EntryContent, at: Instant): Material {
  const entry = { at, party: data.actor.party };
  const text =
    data.text === undefined || data.text.length <= textMax ? data.text : `${data.text.slice(0, textMax - 1)}…`;
  const dropped = (list: readonly unknown[]): number => material.omitted + (list.length < listMax ? 0 : 1);
  const add = <T>(list: readonly T[], item: T): T[] => [...list.slice(1 - listMax), item];
  if (data.kind === "step-tried" && data.step !== undefined) {
    const { tried } = material;
    const more = { ...material, tried: add(tried, { ...entry, step: data.step }), omitted: dropped(tried) };
    return asNewVersion(more, `step tried: ${data.step.name}`);
  }
  if (data.kind === "fact" && data.fact !== undefined) {
    const { facts } = material;
    const more = { ...material, facts: add(facts, { ...entry, fact: data.fact }), omitted: dropped(facts) };
    return asNewVersion(more, `fact: ${data.fact.name}`);
  }
  if (data.kind === "attachment" && data.attachment !== undefined) {
    const { attachments = [] } = material;
    const more = { ...material, attachments: add(attachments, { ...entry, attachment: data.attachment }) };
    return asNewVersion({ ...more, omitted: dropped(attachments) }, `attachment: ${data.attachment.name}`);
  }
  if (text === undefined) return material;
  if (data.kind === "hypothesis") {
    const { hypotheses } = material;
    const more = {
      ...material,
      hypotheses: add(hypotheses, { ...entry, by: data.by, text }),
      omitted: dropped(hypotheses),
    };
    return asNewVersion(more, "hypothesis");
  }
  return asNewVersion(
    { ...material, notes: add(material.notes, { ...entry, text }), omitted: dropped(material.notes) },
    "note",
  );
}
