import type { Brief } from "@crossline/contracts";
import { ResponseFault, type Client } from "../client.ts";

/** The companies of a story, as they are registered: a test gives each a name of its own. */
export type Cast = {
  readonly carrier: Client;
  readonly vendor: Client;
  /** The parties' names. */
  readonly names: { readonly carrier: string; readonly vendor: string };
  /** Under which of the carrier's lines the story's case is opened. */
  readonly line: string;
};

/** What a story tells, line by line. */
export type PrintLine = (line: string) => void;

/** A claim of a hand-off, and what the desk has read. */
export type Claim = { readonly token: number; readonly brief: Brief };

/** A stepped timeline: where it starts, as an instant, and in which zone the story's local times are. */
type Timeline = { readonly id: string; readonly start: string; readonly zone: string };

/** One case on a driven clock: what the people of a story do, each thing told as it happens. */
export class Play {
  readonly cast: Cast;
  readonly timeline: string;
  readonly #zone: string;
  readonly #tell: PrintLine;
  #now: string;
  caseId = "";

  private constructor(cast: Cast, timeline: Timeline, tell: PrintLine) {
    this.cast = cast;
    this.timeline = timeline.id;
    this.#now = timeline.start;
    this.#zone = timeline.zone;
    this.#tell = tell;
  }

  /** Makes a stepped timeline that begins at `start`, a local date and time of `zone`. */
  static async begin(cast: Cast, start: string, zone: string, tell: PrintLine): Promise<Play> {
    const at = instantOf(start, zone);
    const { id } = await cast.carrier.post<{ id: string }>("/v1/timelines", { kind: "stepped", start: at });
    return new Play(cast, { id, start: at, zone }, tell);
  }

  get path(): string {
    return `/v1/cases/${this.caseId}`;
  }

  /** Now, as an ISO 8601 instant. */
  get now(): string {
    return this.#now;
  }

  /** A local date and time of the story's zone, as an instant; of a time alone, today's. */
  at(local: string): string {
    const day = zoned(this.#now, this.#zone).toPlainDate().toString();
    return instantOf(local.includes("T") ? local : `${day}T${local}`, this.#zone);
  }

  /** Lets time go on to a local date and time. */
  async until(local: string): Promise<void> {
    const to = this.at(local);
    await this.cast.carrier.post(`/v1/timelines/${this.timeline}/advance`, { to });
    this.#now = to;
  }

  /** Tells a line at the story's now, or at another instant. */
  say(text: string, at: string = this.#now): void {
    this.#tell(`  ${clock(at, this.#zone)}  ${text}`);
  }

  /** Tells a line that belongs to the one before. */
  note(text: string): void {
    this.#tell(`                    ${text}`);
  }

  /** What the carrier's people do to the case. */
  carrier<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.cast.carrier.post<T>(`${this.path}/${path}`, body);
  }

  /** What the vendor's people do to the case. */
  vendor<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.cast.vendor.post<T>(`${this.path}/${path}`, body);
  }

  /** What the vendor's desk does with a hand-off of one of its queues. */
  desk<T = unknown>(team: string, handoffId: string, command: string, body: unknown = {}): Promise<T> {
    return this.cast.vendor.post<T>(
      `/v1/queues/${this.cast.names.vendor}.${team}/handoffs/${handoffId}/${command}`,
      body,
    );
  }

  /** What waits in a queue of the vendor on this timeline. The read itself waits until all that has happened has taken effect. */
  async queue(team: string): Promise<readonly { handoffId: string; caseId: string; phase: string; brief: Brief }[]> {
    const { items } = await this.cast.vendor.get<{
      items: { handoffId: string; caseId: string; phase: string; brief: Brief }[];
    }>(`/v1/queues/${this.cast.names.vendor}.${team}/handoffs?timeline=${this.timeline}`);
    return items;
  }

  /** The code of the refusal that this meets; throws where it is not refused. */
  async refused(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      if (error instanceof ResponseFault && error.code !== undefined) return `${error.status} ${error.code}`;
      throw error;
    }
    throw new Error("this was to be refused, and was not");
  }

  /** Claims and accepts a hand-off, having read the brief. */
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
