import type { Brief } from "@crossline/contracts";
import type { Client } from "@crossline/cli";
import type { ClockExplanation } from "@crossline/domain";

type Cast = {
  readonly carrier: Client;
  readonly carrierKey: string;
  readonly vendor: Client;
  readonly vendorKey?: string;
  readonly carrierName: string;
  readonly vendorName: string;
};

export type CaseResponse = {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly holder: string;
  readonly timesByHolder: Readonly<Record<string, number>>;
};

export type HandoffResponse = {
  readonly handoffId: string;
  readonly queue: string;
  readonly phase: string;
  readonly offeredAt: string;
};

const day = "2026-03-07"; // A Saturday in Toronto.
const rep = "rep-17";

/** Plays the acts of people on one case on a stepped timeline. Times are in the zone of Toronto: "09:20" or "09:20:30". */
export class Story {
  readonly cast: Cast;
  readonly timeline: string;
  readonly #line: string;
  #handling = "";
  caseId = "";

  private constructor(cast: Cast, line: string, timeline: string) {
    this.cast = cast;
    this.#line = line;
    this.timeline = timeline;
  }

  static async begin(cast: Cast, line: string, start = "09:00"): Promise<Story> {
    const { id } = await cast.carrier.post<{ id: string }>("/v1/timelines", { kind: "stepped", start: instant(start) });
    return new Story(cast, line, id);
  }

  get path(): string {
    return `/v1/cases/${this.caseId}`;
  }

  async advance(to: string): Promise<this> {
    await this.cast.carrier.post(`/v1/timelines/${this.timeline}/advance`, { to: instant(to) });
    return this;
  }

  /** Opens a case for the carrier. If `call` is true, a rep's handling starts too. */
  async open({ call = true, ...more }: Record<string, unknown> & { readonly call?: boolean } = {}): Promise<this> {
    const { id } = await this.cast.carrier.post<{ id: string }>("/v1/cases", {
      carrierCaseId: `NT-${crypto.randomUUID()}`,
      timeline: this.timeline,
      line: this.#line,
      severity: "major",
      title: "Handheld is dead",
      channel: "phone",
      device: { vendor: this.cast.vendorName, model: "Handheld 8700" },
      symptom: "dead-device",
      subject: { name: "A. Customer", phone: "+1 416 555 0100" },
      ...more,
    });
    this.caseId = id;
    if (call) await this.call();
    return this;
  }

  async call(): Promise<this> {
    const { id } = await this.cast.carrier.post<{ id: string }>(`${this.path}/handlings`, {
      channel: "phone",
      person: rep,
    });
    this.#handling = id;
    return this;
  }

  /**
   * Continues the call until a time, with a heartbeat every 150 s, or as often as `beatSeconds` says. A handling counts for 3 minutes
   * after each heartbeat.
   */
  async talkUntil(until: string, beatSeconds = 150): Promise<this> {
    const { mark } = await this.cast.carrier.get<{ mark: string }>(`/v1/timelines/${this.timeline}`);
    const end = Temporal.Instant.from(instant(until));
    for (let now = Temporal.Instant.from(mark); Temporal.Instant.compare(now, end) < 0;) {
      const next = now.add({ seconds: beatSeconds });
      now = Temporal.Instant.compare(next, end) < 0 ? next : end;
      await this.cast.carrier.post(`/v1/timelines/${this.timeline}/advance`, { to: now.toString() });
      await this.cast.carrier.post(`${this.path}/handlings/${this.#handling}/heartbeat`, { person: rep });
    }
    return this;
  }

  async hangUp(): Promise<this> {
    await this.cast.carrier.post(`${this.path}/handlings/${this.#handling}/end`, { person: rep });
    return this;
  }

  async write(entry: Record<string, unknown>): Promise<this> {
    await this.cast.carrier.post(`${this.path}/entries`, { person: rep, ...entry });
    return this;
  }

  read(): Promise<CaseResponse> {
    return this.cast.carrier.get<CaseResponse>(this.path);
  }

  /** Returns the firings so far in order: "09:10:00 stall.busy 50", "09:20:00 stall.busy 100". */
  async fired(): Promise<string[]> {
    const { clocks } = await this.cast.carrier.get<{ clocks: ClockExplanation[] }>(`${this.path}/clocks`);
    return clocks
      .flatMap(({ clock, thresholds }) => thresholds.map(({ percent, firedAt }) => ({ clock, percent, firedAt })))
      .flatMap(({ clock, percent, firedAt }) =>
        firedAt === undefined ? [] : [`${clockTime(firedAt)} ${clock} ${percent}`],
      )
      .toSorted();
  }

  /** Returns every hand-off so far, in the order of the offers. */
  async handoffs(): Promise<HandoffResponse[]> {
    const { handoffs } = await this.cast.carrier.get<{ handoffs: HandoffResponse[] }>(`${this.path}/handoffs`);
    return [...handoffs].toSorted((a, b) => a.offeredAt.localeCompare(b.offeredAt));
  }

  /** Returns the hand-offs in one of the vendor's queues. */
  async queue(team: string, client = this.cast.vendor): Promise<{ handoffId: string; caseId: string; brief: Brief }[]> {
    const { items } = await client.get<{ items: { handoffId: string; caseId: string; brief: Brief }[] }>(
      `/v1/queues/${this.cast.vendorName}.${team}/handoffs?timeline=${this.timeline}`,
    );
    return items;
  }

  async claim(team: string, handoffId: string): Promise<{ token: number; brief: Brief }> {
    return this.cast.vendor.post(`${this.handoffPath(team, handoffId)}/claim`, { person: "eng-4" });
  }

  async accept(
    team: string,
    handoffId: string,
    claim: { readonly token: number; readonly brief: Brief },
  ): Promise<this> {
    await this.cast.vendor.post(`${this.handoffPath(team, handoffId)}/accept`, {
      token: claim.token,
      person: "eng-4",
      engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
      vendorCaseId: "OR-5501",
      nextStep: "Check the free memory with the customer",
      eta: instant("23:00"),
      readBack: { problem: "Handheld is dead", tried: "nothing yet" },
      dossierVersion: claim.brief.case.version,
    });
    return this;
  }

  handoffPath(team: string, handoffId: string): string {
    return `/v1/queues/${this.cast.vendorName}.${team}/handoffs/${handoffId}`;
  }
}

/** Returns a time of the story's day in Toronto as an instant. */
export function instant(time: string): string {
  return `${day}T${time.length === 5 ? `${time}:00` : time}-05:00`;
}

/** Returns an instant as a time in Toronto. */
export function clockTime(of: string): string {
  return Temporal.Instant.from(of)
    .toZonedDateTimeISO("America/Toronto")
    .toPlainTime()
    .toString({ smallestUnit: "second" });
}
