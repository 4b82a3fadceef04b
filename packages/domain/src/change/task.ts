/** A task of a change. */
export type ChangeTask = { readonly does: "change"; readonly changeId: string; readonly event: ChangeTaskEvent };

/**
 * The event of a task. `remind`: half of the time until the deadline of the receipts has passed. `overdue`: the deadline has passed.
 * `link-cases`: open cases from before the announcement can be consequences of the change. `after` is the last case of the portion
 * before.
 */
export type ChangeTaskEvent =
  | { readonly is: "remind" }
  | { readonly is: "overdue" }
  | { readonly is: "link-cases"; readonly after?: string | undefined };
