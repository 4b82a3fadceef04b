import type { Brief } from "@crossline/contracts";
import { ResponseFault, type Client } from "../client.ts";

/** The registered companies of a story. A test gives each company a unique name. */
export type Cast = {
  readonly carrier: Client;
  readonly vendor: Client;
  /** The parties' names. */
  readonly names: { readonly carrier: string; readonly vendor: string };
  /** The carrier's line for the case of the story. */
  readonly line: string;
};

/** Prints one row of a story. */
export type PrintLine = (text: string) => void;

/** A claim of a hand-off, with the brief. */
export type Claim = { readonly token: number; readonly brief: Brief };

/** A stepped timeline with its first instant, and the time zone of the story. */
type Timeline = { readonly id: string; readonly start: string; readonly zone: string };

/** One case on a stepped timeline. The class performs the acts of a story's people and prints each act. */
export class Play {
  readonly cast: Cast;
  readonly timeline: string;
  readonly #zone: string;
  readonly #print: PrintLine;
  #now: string;
  caseId = "";

  private constructor(cast: Cast, timeline: Timeline, print: PrintLine) {
    this.cast = cast;
    this.timeline = timeline.id;
    this.#now = timeline.start;
    this.#zone = timeline.zone;
    this.#print = print;
  }

  /** Creates a stepped timeline that begins at `start`, a local date and time of `zone`. */
  static async begin(cast: Cast, start: string, zone: string, print: PrintLine): Promise<Play> {
    const at = instantOf(start, zone);
    const { id } = await cast.carrier.post<{ id: string }>("/v1/timelines", { kind: "stepped", start: at });
    return new Play(cast, { id, start: at, zone }, print);
  }

  get path(): string {
    return `/v1/cases/${this.caseId}`;
  }

  /** The current instant of the timeline, in ISO 8601. */
  get now(): string {
    return this.#now;
  }

  /**
   * Returns the instant of a local date and time in the story's zone. If `local` has no date, the date is the current
   * day of the timeline.
   */
  at(local: string): string {
    const day = zoned(this.#now, this.#zone).toPlainDate().toString();
    return instantOf(local.includes("T") ? local : `${day}T${local}`, this.#zone);
  }

  /** Advances the timeline to a local date and time. */
  async until(local: string): Promise<void> {
    const to = this.at(local);
    await this.cast.carrier.post(`/v1/timelines/${this.timeline}/advance`, { to });
    this.#now = to;
  }

  /** Prints a text with the given instant, or else with the current instant of the timeline. */
  say(text: string, at: string = this.#now): void {
    this.#print(`  ${clock(at, this.#zone)}  ${text}`);
  }

  /** Prints a text that continues the previous row. */
  note(text: string): void {
    this.#print(`                    ${text}`);
  }

  /** Sends a command of the carrier on the case. */
  carrier<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.cast.carrier.post<T>(`${this.path}/${path}`, body);
  }

  /** Sends a command of the vendor on the case. */
  vendor<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.cast.vendor.post<T>(`${this.path}/${path}`, body);
  }

  /** Sends a command of the vendor's desk on a hand-off of one of its queues. */
  desk<T = unknown>(team: string, handoffId: string, command: string, body: unknown = {}): Promise<T> {
    return this.cast.vendor.post<T>(
      `/v1/queues/${this.cast.names.vendor}.${team}/handoffs/${handoffId}/${command}`,
      body,
    );
  }

  /** Returns the hand-offs of a vendor's queue on this timeline. The request waits until the timeline is caught up. */
  async queue(team: string): Promise<readonly { handoffId: string; caseId: string; phase: string; brief: Brief }[]> {
    const { items } = await this.cast.vendor.get<{
      items: { handoffId: string; caseId: string; phase: string; brief: Brief }[];
    }>(`/v1/queues/${this.cast.names.vendor}.${team}/handoffs?timeline=${this.timeline}`);
    return items;
  }

  /** Returns the status and the code of a refusal. Throws if the request succeeds. */
  async refused(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      if (error instanceof ResponseFault && error.code !== undefined) return `${error.status} ${error.code}`;
      throw error;
    }
    throw new Error("the request succeeded instead of a refusal");
  }

  /** Claims a hand-off and accepts it with a read-back of the brief. */
  async accept(
    team: string,
    handoffId: string,
    engineer: { readonly name: string; readonly contact: string },
    words: { readonly vendorCaseId: string; readonly nextStep: string; readonly eta: string; readonly tried: string },
  ): Promise<Claim> {
    const claim = await this.desk<Claim>(team, handoffId, "claim", { person: "eng-4" });
    await this.desk(team, handoffId, "accept", {
      token: claim.token,
      person: "eng-4",
      engineer,
      vendorCaseId: words.vendorCaseId,
      nextStep: words.nextStep,
      eta: words.eta,
      readBack: { problem: claim.brief.case.title, tried: words.tried },
      dossierVersion: claim.brief.case.version,
    });
    return claim;
  }
}

function zoned(instant: string, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
}

function instantOf(local: string, zone: string): string {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function clock(instant: string, zone: string): string {
  const local = zoned(instant, zone);
  const day = days[local.dayOfWeek - 1] ?? "";
  const time = local.toPlainTime().toString({ smallestUnit: "second" });
  return `${day} ${local.toPlainDate().toString().slice(5)} ${time}`;
}
