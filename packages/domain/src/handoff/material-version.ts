import type {
  Attachment,
  Brief,
  Channel,
  Device,
  Instant,
  LinkedChange,
  Severity,
  Subject,
} from "@crossline/contracts";
import type { LedIncident } from "./led-incident.ts";

const changesMax = 50;
/**
 * The maximum number of characters of all lists together, as JSON. Even with long entries, the brief must fit into one record.
 */
const listedMax = 150_000;

/** An entry of the material. */
export type Entry = { readonly at: Instant; readonly party: string };

/** The content of a brief. The carrier and the vendor may both read the content, and the content fits into one record. */
export type Material = {
  /** Increases with every change that a reader of the brief must know. Heartbeats and status changes do not count. */
  readonly version: number;
  /** The change that made each of the most recent versions. */
  readonly changes: readonly { readonly version: number; readonly what: string }[];
  readonly carrierCaseId: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly openedAt: Instant;
  readonly device?: Device | undefined;
  readonly symptom?: string | undefined;
  readonly needBy?: string | undefined;
  readonly subject?: Subject | undefined;
  readonly hypotheses: readonly (Entry & { readonly by: "party" | "customer"; readonly text: string })[];
  readonly tried: readonly (Entry & { readonly step: Brief["tried"][number]["step"] })[];
  readonly facts: readonly (Entry & { readonly fact: Brief["facts"][number]["fact"] })[];
  readonly notes: readonly (Entry & { readonly text: string })[];
  readonly attachments?: readonly (Entry & { readonly attachment: Attachment })[];
  /** The changes that may be the cause of the case. */
  readonly linkedChanges?: readonly LinkedChange[];
  /** The open promises as texts. */
  readonly promises?: readonly { readonly id: string; readonly text: string }[];
  /** The workarounds of the known errors that match the case. Intake limits their number. */
  readonly workarounds?: readonly {
    readonly problemId: string;
    readonly workaround: string;
    readonly fixCode?: string | undefined;
  }[];
  /** The required items that replies to information requests supplied. */
  readonly given?: readonly string[];
  /** The incident that this case leads. */
  readonly incident?: LedIncident;
  readonly omitted: number;
  readonly contacts: {
    readonly count: number;
    readonly byChannel: Partial<Record<Channel, number>>;
    readonly lastAt: Instant;
  };
  readonly handlings: readonly {
    readonly id: string;
    readonly channel: Channel;
    readonly startedAt: Instant;
    readonly liveUntil: Instant;
  }[];
};

/** Removes the oldest items of the longest list until the lists fit. */
export function limitLists(material: Material): Material {
  const { hypotheses, tried, facts, notes, attachments = [] } = material;
  const lists = { hypotheses, tried, facts, notes, attachments };
  const sizes = Object.entries(lists).map(([name, list]) => ({ name, size: JSON.stringify(list).length }));
  if (sizes.reduce((sum, { size }) => sum + size, 0) <= listedMax) return material;
  const longest = sizes.reduce((a, b) => (b.size > a.size ? b : a)).name as keyof typeof lists;
  return limitLists({ ...material, [longest]: lists[longest].slice(1), omitted: material.omitted + 1 });
}

/** Returns changed material as a new version. `what` names the change for the reader of the brief. */
export function asNewVersion(changed: Material, what: string): Material {
  const material = limitLists(changed);
  const version = material.version + 1;
  return { ...material, version, changes: [...material.changes.slice(1 - changesMax), { version, what }] };
}
