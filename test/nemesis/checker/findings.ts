/** The kinds of findings. Each kind is a broken guarantee, except `unread`, which is a failure of the witness. */
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
  "false-forgery",
  "unread",
] as const;

export type FindingKind = (typeof findingKinds)[number];

export type Finding = { readonly kind: FindingKind; readonly caseId: string; readonly what: string };

/** A finding that a lost record excuses. `lost` names the records and the service. */
export type ExcusedFinding = Finding & { readonly lost: string };
