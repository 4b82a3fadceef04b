/** The example of a brief in the OpenAPI document, which a vendor's desk reads before it claims an offer. */
export const briefExample = {
  case: {
    id: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g",
    carrier: "northtel",
    carrierCaseId: "NT-4711",
    kind: "fault",
    severity: "minor",
    title: "Handheld is out of memory",
    openedAt: "2026-03-07T14:00:00Z",
    version: 4,
  },
  device: { vendor: "orchard", model: "Handheld 8700", os: "4.2" },
  symptom: "out-of-memory",
  hypotheses: [],
  tried: [
    {
      at: "2026-03-07T14:10:00Z",
      party: "northtel",
      step: { name: "restart", parameters: {}, outcome: "failed" },
    },
  ],
  facts: [{ at: "2026-03-07T14:12:00Z", party: "northtel", fact: { name: "os-version", value: "4.2" } }],
  notes: [],
  missing: [],
  promises: [],
  contacts: { count: 1, byChannel: { phone: 1 }, lastAt: "2026-03-07T14:00:00Z" },
  timesByHolder: { northtel: 1_200_000 },
  liveHandling: { channel: "phone", startedAt: "2026-03-07T14:00:00Z", minutes: 20 },
  omitted: 0,
};
