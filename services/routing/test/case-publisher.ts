import {
  type EventData,
  type EventType,
  type Instant,
  type LineRef,
  type Message,
  type ReceivedMessage,
  formatInstant,
  newId,
  timelineKind,
  topics,
} from "@crossline/contracts";

/** Nine o'clock on a Saturday in Toronto. */
export const nine: Instant = Date.UTC(2026, 2, 7, 14);

export function newTimeline(): string {
  return newId("stp");
}

export type Opening = { readonly id?: string; readonly timeline?: string; readonly at?: Instant } & Partial<
  EventData<"case.opened">
>;
type Tools = {
  readonly send: (message: Message) => Promise<void>;
  readonly seen: ReceivedMessage[];
  readonly drained: () => Promise<unknown>;
  readonly marks: Map<string, Instant>;
};

export type Case = Awaited<ReturnType<typeof openCase>>;

/** Publishes the events of a case as intake and the timer do. Each call resolves when routing has applied the event. */
export async function openCase(
  tools: Tools,
  line: LineRef,
  { id = newId("cs"), timeline = newTimeline(), at = nine, ...more }: Opening,
) {
  const { carrier } = line;
  const rep = { party: more.carrier ?? carrier, person: "rep-17", automated: false };
  const sequences: Record<string, number> = {};
  let now = at;

  async function publish<T extends EventType>(
    type: T,
    data: EventData<T>,
    topic: string = topics.case,
  ): Promise<number> {
    const sequence = (sequences[topic] = (sequences[topic] ?? 0) + 1);
    if (timelineKind(timeline) === "stepped") tools.marks.set(timeline, Math.max(now, tools.marks.get(timeline) ?? 0));
    await tools.send({ topic, key: id, sequence, type, time: now, timeline, data });
    return sequence;
  }

  const one = {
    id,
    timeline,
    rep,
    publish,
    /** Moves the time of the next events. On a stepped timeline, the function also moves the mark. */
    after(seconds: number): void {
      now += seconds * 1_000;
      if (timelineKind(timeline) === "stepped") tools.marks.set(timeline, now);
    },
    now: () => now,
    breach(kind: EventData<"clock.breached">["kind"], incarnation: string = "case/1"): Promise<string> {
      const firingId = newId("fir");
      const dueAt = formatInstant(now);
      const clock = { firingId, clock: kind, kind, incarnation, threshold: 100, charged: carrier };
      const data = { ...clock, startedAt: formatInstant(at), dueAt, firedAt: dueAt };
      return publish("clock.breached", data, topics.clock).then(() => firingId);
    },
    cross: () => publish("crossing.requested", { actor: rep, asOf: 1 }),
    note: (text: string) =>
      publish("entry.added", {
        actor: rep,
        entryId: newId("en"),
        kind: "note",
        audience: "partners",
        by: "party",
        news: true,
        text,
      }),
    /** Returns the records that routing has published for this case, by topic and in order. */
    async published(): Promise<{ readonly handoffs: ReceivedMessage[]; readonly queue: ReceivedMessage[] }> {
      await tools.drained();
      const own = tools.seen.filter(({ key }) => key === id);
      return {
        handoffs: own.filter(({ topic }) => topic === topics.handoff),
        queue: own.filter(({ topic }) => topic.startsWith("crossline.queue.")),
      };
    },
    async types(): Promise<string[]> {
      return (await one.published()).handoffs.map(({ type }) => type);
    },
    /** Returns the id of the latest offer. */
    async offered(): Promise<string> {
      const offers = (await one.published()).handoffs.filter(({ type }) => type === "handoff.offered");
      const offer = offers.at(-1)?.data as { handoffId: string } | undefined;
      if (offer === undefined) throw new Error("routing has published no offer");
      return offer.handoffId;
    },
  };
  await publish("case.opened", { ...opening(id, line), actor: rep, ...more });
  return one;
}

function opening(id: string, line: LineRef): Omit<EventData<"case.opened">, "actor"> {
  return {
    carrier: line.carrier,
    carrierCaseId: `N-${id.slice(-6)}`,
    kind: "fault",
    severity: "major",
    title: "Handheld is dead",
    channel: "phone",
    line,
    lineReason: "named",
    status: "acknowledged",
    device: { vendor: "orchard", model: "Handheld 8700" },
    symptom: "dead-device",
    subject: { name: "A. Customer", phone: "+1 416 555 0100" },
  };
}

/** Returns the body of a request in which an engineer accepts a hand-off. */
export function acceptance(token: number, dossierVersion: number, eta: Instant = nine + 7 * 86_400_000) {
  return {
    token,
    person: "eng-4",
    engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
    vendorCaseId: "OR-5501",
    nextStep: "Look at free memory with the customer",
    eta: formatInstant(eta),
    readBack: { problem: "Handheld is dead", tried: "nothing yet" },
    dossierVersion,
  };
}
