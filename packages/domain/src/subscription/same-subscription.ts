/** What a subscription is about: where to send, and what of which timeline. */
export type SubscriptionScope = {
  /** A webhook's address, or `mailto:` and a mail address. */
  readonly url: string;
  readonly timeline: string;
  /** Event types; null: all that the party may see. */
  readonly events: readonly string[] | null;
};

/** True where two subscriptions of one party would send the same facts to the same address; the order of types says nothing. */
export function isSameSubscription(one: SubscriptionScope, other: SubscriptionScope): boolean {
  return one.url === other.url && one.timeline === other.timeline && typesOf(one) === typesOf(other);
}

function typesOf({ events }: SubscriptionScope): string {
  return events === null ? "*" : [...new Set(events)].toSorted().join(" ");
}
