import { waitFor } from "@crossline/testing";
import type { Stage } from "./stage.ts";

type Party = Awaited<ReturnType<Stage["party"]>>;

/** A case of a carrier on the wall, whose only clock is due in a day. The line would cross it to the desk of the vendor. */
export type CalmCase = { readonly carrier: Party; readonly vendor: Party; readonly id: string };

/** Opens a case that makes no record by a clock, so that a test can forge one. */
export async function openCalmCase(stage: Stage, kind: "first-response" | "stall.idle"): Promise<CalmCase> {
  const carrier = await stage.party("northtel", "carrier");
  const vendor = await stage.party("orchard", "vendor");
  const line = {
    line: "calm",
    calendar: "24x7",
    clocks: [{ kind, target: "P1D" }],
    crossing: [{ to: `queue:${vendor.party}.desk`, mode: "ticket" }],
    lastResort: ["https://duty.northtel.example/"],
  };
  await waitFor(() => carrier.client.post("/v1/lines", line), { timeoutMs: 20_000 });
  const opened = { carrierCaseId: "NT-1", line: "calm", title: "It is dead", channel: "mail", severity: "major" };
  const { id } = await carrier.client.post<{ id: string }>("/v1/cases", opened);
  return { carrier, vendor, id };
}

/** Waits until the timer has armed a clock of the case, and returns its name. */
export function waitForClock({ carrier, id }: CalmCase): Promise<string> {
  const read = async (): Promise<string | undefined> => {
    const path = `/v1/cases/${id}/clocks`;
    const found = await carrier.client.get<{ clocks: { clock: string }[] }>(path).catch(() => undefined);
    return found?.clocks[0]?.clock;
  };
  return waitFor(read, { timeoutMs: 20_000, what: "the first clock of the case" });
}
