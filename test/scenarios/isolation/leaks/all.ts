import { join } from "node:path";

/** A planted leak, and the message of the walk that must reveal it. */
export type Leak = {
  /** The name of the patch. */
  readonly name: string;
  readonly wrong: string;
  /** A failure of the walk with such a text is the discovery of this leak, and not of another fault. */
  readonly foundAs: RegExp;
};

/** The leaks that the walk must find. */
export const leaks: readonly Leak[] = [
  {
    name: "tenant-filter",
    wrong: "the list of saved views has the views of every company",
    foundAs: /reads view of \S+ at \/v1\/views/,
  },
  {
    name: "topic-right",
    wrong: "a vendor has the right to read every queue topic",
    foundAs: /reads .* on the topic crossline\.queue\./,
  },
  {
    name: "error-text",
    wrong: "the refusal for a case of another company has the number of the case",
    foundAs: /reads number of .* at \/v1\/cases\//,
  },
  {
    name: "stored-response",
    wrong: "the key of a stored response has no company",
    foundAs: /reads id of .* in the response to POST \/v1\//,
  },
  {
    name: "log-line",
    wrong: "a line of the log has the customer's name",
    foundAs: /a log line has customer of/,
  },
  {
    name: "internal-count",
    wrong: "a case counts the internal entries of all companies",
    foundAs: /\/v1\/cases.*: with the secrets .*entries\W+\d/,
  },
  {
    name: "report-figure",
    wrong: "a vendor's report counts the hand-offs of other vendors",
    foundAs: /\/v1\/reports\/.*: with the secrets/,
  },
  {
    name: "stream-event",
    wrong: "a changed row goes to the streams of every company",
    foundAs: /reads .* in its stream/,
  },
];

/** Returns the path of a leak's patch. */
export function patchOf({ name }: Pick<Leak, "name">): string {
  return join(import.meta.dirname, `${name}.patch`);
}
