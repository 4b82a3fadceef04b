import { type Client, ResponseFault } from "@crossline/cli";
import { type EventData, type EventType, type ReceivedMessage, formatInstant } from "@crossline/contracts";

/** The carrier and the vendor that play a history over REST on a stepped timeline. */
export type RestCast = {
  readonly carrier: Client;
  readonly vendor: Client;
  readonly vendorName: string;
  readonly line: string;
  readonly timeline: string;
};
type PlayedCase = {
  readonly path: string;
  readonly promises: Map<string, string>;
  readonly tokens: Map<string, number>;
};

/** The events for which a company has a command. The services publish the other events themselves. */
const commanded: ReadonlySet<string> = new Set([
  "case.opened",
  "case.contacted",
  "case.resolved",
  "case.confirmed",
  "case.reopened",
  "promise.made",
  "promise.delivered",
  "promise.withdrawn",
  "handoff.offered",
  "handoff.accepted",
  "handoff.rejected",
  "handoff.returned",
  "handoff.resolved",
]);

/**
 * Sends the records of generated cases as commands, each at its instant. Returns how many commands of each event type the services accepted. A
 * service may refuse a command, because its own events can differ from the generated ones.
 */
export async function playOverRest(
  cast: RestCast,
  cases: readonly (readonly ReceivedMessage[])[],
): Promise<ReadonlyMap<string, number>> {
  const accepted = new Map<string, number>();
  const played = new Map<string, PlayedCase>();
  const records = cases.flat().filter(({ type }) => commanded.has(type));
  for (const record of records.toSorted((one, other) => one.time - other.time)) {
    await cast.carrier.post(`/v1/timelines/${cast.timeline}/advance`, { to: formatInstant(record.time) });
    const isAccepted = await command(cast, played, record).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ResponseFault && [404, 409, 422].includes(error.status)) return false;
        throw error;
      },
    );
    if (isAccepted) accepted.set(record.type, (accepted.get(record.type) ?? 0) + 1);
  }
  return accepted;
}

async function command(cast: RestCast, played: Map<string, PlayedCase>, record: ReceivedMessage): Promise<void> {
  if (record.type === "case.opened") {
    played.set(record.key, await open(cast, record.data as EventData<"case.opened">));
    return;
  }
  const one = played.get(record.key);
  if (one === undefined) return;
  const noun = record.type.split(".")[0];
  if (noun === "handoff") return handOff(cast, one, record);
  if (noun === "promise") return promise(cast, one, record);
  return change(cast, one, record);
}

async function open(
  { carrier, vendorName, line, timeline }: RestCast,
  { severity, title, channel, device, symptom, carrierCaseId }: EventData<"case.opened">,
): Promise<PlayedCase> {
  const owned = device === undefined ? {} : { device: { ...device, vendor: vendorName } };
  const opening = {
    carrierCaseId,
    timeline,
    line,
    severity,
    title,
    channel,
    ...owned,
    ...(symptom !== undefined && { symptom }),
  };
  const { id } = await carrier.post<{ id: string }>("/v1/cases", opening);
  return { path: `/v1/cases/${id}`, promises: new Map(), tokens: new Map() };
}

async function change({ carrier }: RestCast, { path }: PlayedCase, { type, data }: ReceivedMessage): Promise<void> {
  switch (type as EventType) {
    case "case.contacted": {
      const { channel, direction, content } = data as EventData<"case.contacted">;
      await carrier.post(`${path}/contacts`, { channel, direction, content });
      return;
    }
    case "case.resolved":
      await carrier.post(`${path}/status`, { status: "resolved", fixCode: "restart" });
      return;
    case "case.confirmed":
      await carrier.post(`${path}/confirm`);
      return;
    default:
      await carrier.post(`${path}/reopen`, { code: "still-broken", reason: "Still broken" });
  }
}

async function promise(
  { carrier, vendor, vendorName }: RestCast,
  { path, promises }: PlayedCase,
  { type, data }: ReceivedMessage,
): Promise<void> {
  const { promiseId, promisor, until } = data as EventData<"promise.made">;
  const client = promisor === "northtel" ? carrier : vendor;
  if (type === "promise.made") {
    const { id } = await client.post<{ id: string }>(`${path}/promises`, { text: `An update by ${vendorName}`, until });
    promises.set(promiseId, id);
    return;
  }
  const address = `${path}/promises/${promises.get(promiseId)}`;
  if (type === "promise.delivered") await client.post(`${address}/delivered`, { evidence: "An update" });
  else await client.post(`${address}/withdrawn`, { reason: "Not needed" });
}

async function handOff(cast: RestCast, one: PlayedCase, { type, data }: ReceivedMessage): Promise<void> {
  if (type === "handoff.offered") {
    const { version } = await cast.carrier.get<{ version: number }>(one.path);
    await cast.carrier.post(`${one.path}/crossings`, { asOf: version });
    return;
  }
  const { handoffs } = await cast.carrier.get<{ handoffs: { handoffId: string; queue: string }[] }>(
    `${one.path}/handoffs`,
  );
  const last = handoffs.at(-1);
  if (last === undefined) return;
  const path = `/v1/queues/${last.queue}/handoffs/${last.handoffId}`;
  const person = "eng-4";
  if (type === "handoff.accepted" || type === "handoff.rejected") {
    const claim = await cast.vendor.post<{ token: number; brief: { case: { version: number } } }>(`${path}/claim`, {
      person,
    });
    one.tokens.set(last.handoffId, claim.token);
    const { token } = claim;
    if (type === "handoff.rejected") await cast.vendor.post(`${path}/reject`, { person, token, code: "no-capacity" });
    else
      await cast.vendor.post(`${path}/accept`, {
        person,
        token,
        ...acceptance,
        dossierVersion: claim.brief.case.version,
      });
    return;
  }
  const token = one.tokens.get(last.handoffId);
  const { code, evidence } = data as EventData<"handoff.returned">;
  if (type === "handoff.returned") await cast.vendor.post(`${path}/return`, { person, token, code, evidence });
  else await cast.vendor.post(`${path}/resolve`, { person, token, fixCode: "restart" });
}

const acceptance = {
  engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
  vendorCaseId: "OR-1",
  nextStep: "Check the device",
  eta: "2026-03-20T00:00:00Z",
  readBack: { problem: "As in the brief", tried: "As in the brief" },
};
