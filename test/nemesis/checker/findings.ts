/** What a checker can find. Each is a promise that was broken, but for `unread`, which is the witness' own failure. */
export const findingKinds = [
  "lost-command",
  "doubled-command",
  "refused-trace",
  "wrong-answer",
  "lost-firing",
  "doubled-firing",
  "early-firing",
  "late-firing",
  "wrong-firing",
  "needless-crossing",
  "lost-offer",
  "doubled-offer",
  "order",
  "contradiction",
  "wrong-closing",
  "lost-closing",
  "holder-times",
  "lost-webhook",
  "unread",
] as const;

export type FindingKind = (typeof findingKinds)[number];

export type Finding = { readonly kind: FindingKind; readonly caseId: string; readonly what: string };

/** What would be a finding if a service had not lost a record: `lost` names the records and the service. */
export type ExcusedFinding = Finding & { readonly lost: string };
