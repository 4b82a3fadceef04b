/** The content of a subscription: its receiver, its timeline and its event types. */
export type SubscriptionScope = {
  /** A webhook's address, or `mailto:` and a mail address. */
  readonly url: string;
  readonly timeline: string;
  /** The event types. `null` stands for all types that the party may read. */
  readonly events: readonly string[] | null;
};

/**
 * Returns true if two subscriptions of one party send the same events to the same address. The order of types does not matter.
 */
export function isSameSubscription(one: SubscriptionScope, other: SubscriptionScope): boolean {
  return one.url === other.url && one.timeline === other.timeline && typesOf(one) === typesOf(other);
}

function typesOf({ events }: SubscriptionScope): string {
  return events === null ? "*" : [...new Set(events)].toSorted().join(" ");
}
