import { randomUUID } from "node:crypto";

/** One request in its wire form. */
export type LoadRequest = {
  readonly method: "POST";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/**
 * Returns a request of about 330 bytes that opens a case, with a new idempotency key. Without `line` the case has the
 * default line.
 */
export function openingRequest(key: string, line?: string): LoadRequest {
  const id = randomUUID();
  const body = {
    carrierCaseId: id,
    kind: "fault",
    severity: "major",
    title: "Handheld reboots in the middle of a stocktaking round",
    channel: "phone",
    ...(line !== undefined && { line, handling: {} }),
    device: { vendor: "orchard", model: "tc57x", os: "11.20.18" },
    symptom: "reboot-loop",
    subject: { name: "A. Person", msisdn: "+15555550100", customerId: "C-100044" },
    person: "rep-17",
  };
  return {
    method: "POST",
    path: "/v1/cases",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": id },
    body: JSON.stringify(body),
  };
}
