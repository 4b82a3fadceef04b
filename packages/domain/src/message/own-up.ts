import { type Instant, parseInstant } from "@crossline/contracts";
import type { CaseState } from "../case/case.ts";
import { type DraftLanguage, type OwedObligation, draftTexts } from "./own-up-texts.ts";

/** A mistake of the company that the records of a case prove. */
export type Mistake =
  | { readonly is: "late"; readonly obligation: OwedObligation; readonly dueAt: Instant; readonly metAt?: Instant }
  | { readonly is: "broken-promise"; readonly until: Instant }
  | { readonly is: "returned"; readonly count: number }
  | { readonly is: "failed-message" };

/** A clock of a case as the timer reports it. Instants are in ISO 8601. */
export type ReportedClock = {
  readonly kind: string;
  readonly state: string;
  readonly charged: string;
  readonly endedAt?: string | undefined;
  readonly thresholds: readonly {
    readonly percent: number;
    readonly dueAt?: string | undefined;
    readonly firedAt?: string | undefined;
  }[];
};

const owed: ReadonlySet<string> = new Set<OwedObligation>([
  "first-response",
  "next-update",
  "reply",
  "resolution",
  "need-by",
]);

/**
 * Returns the mistakes of the carrier toward the customer, in the order of their instants. Only the records of the case count:
 * deadlines that passed, promises that were not kept, returns, and messages that did not arrive.
 */
export function mistakesOf(state: CaseState, clocks: readonly ReportedClock[], now: Instant): readonly Mistake[] {
  const late = clocks.flatMap((clock): (Mistake & { is: "late" })[] => {
    const breach = clock.thresholds.find(({ percent }) => percent === 100);
    const isLate = owed.has(clock.kind) && breach?.firedAt !== undefined && clock.charged === state.carrier;
    if (!isLate || breach.dueAt === undefined) return [];
    const dueAt = parseInstant(breach.dueAt);
    const metAt = clock.endedAt === undefined ? {} : { metAt: parseInstant(clock.endedAt) };
    return [{ is: "late", obligation: clock.kind as OwedObligation, dueAt, ...metAt }];
  });
  const broken = (state.promises ?? []).flatMap(({ promisor, state: its, until }): Mistake[] => {
    const isBroken = its === "late" || (its === "open" && parseInstant(until) < now);
    return promisor === state.carrier && isBroken ? [{ is: "broken-promise", until: parseInstant(until) }] : [];
  });
  const returns = state.joint?.returns ?? 0;
  const isFailed = (state.messages ?? []).some((message) => message.state === "failed");
  return [
    ...late.toSorted((one, other) => one.dueAt - other.dueAt),
    ...broken,
    ...(returns > 0 ? [{ is: "returned", count: returns } as const] : []),
    ...(isFailed ? [{ is: "failed-message" } as const] : []),
  ];
}

/** The language and time zone (IANA) of the customer. */
export type DraftReader = { readonly language: DraftLanguage; readonly zone: string };

/**
 * Returns a draft apology that names each mistake, its instant and nothing that the records do not show; undefined without a
 * mistake. A person must fill the place in brackets before they send the message. Throws a RangeError for an unknown time zone.
 */
export function draftApology(
  state: CaseState,
  mistakes: readonly Mistake[],
  { language, zone }: DraftReader,
): string | undefined {
  if (mistakes.length === 0) return undefined;
  const texts = draftTexts[language];
  const format = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: zone });
  const at = (instant: Instant): string => format.format(instant);
  const attempts = state.inquiry?.attempts ?? 0;
  const story = [
    texts.first(at(state.openedAt)),
    ...(attempts > 1 ? [texts.attempts(attempts)] : []),
    ...mistakes.map((mistake) => sentenceOf(mistake, language, at)),
  ];
  return [texts.greeting(state.subject?.name), story.join(" "), texts.ourFault, texts.next].join("\n\n");
}

function sentenceOf(mistake: Mistake, language: DraftLanguage, at: (instant: Instant) => string): string {
  const texts = draftTexts[language];
  switch (mistake.is) {
    case "late": {
      const { obligation, dueAt, metAt } = mistake;
      return `${texts.late[obligation](at(dueAt))} ${metAt === undefined ? texts.stillOwed : texts.metAt(at(metAt))}`;
    }
    case "broken-promise":
      return texts.brokenPromise(at(mistake.until));
    case "returned":
      return texts.returned(mistake.count);
    case "failed-message":
      return texts.failedMessage;
  }
}
