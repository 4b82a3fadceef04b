/** An operating system as the text of a device names it. A missing part is unknown. */
export type OperatingSystem = { readonly name?: string; readonly version?: string };

const versionWord = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})$/i;

/**
 * Parses the operating system of a device. The first word that is a version, such as `4.2` or `v4.2`, is the version, and the words
 * before it are the name. The words after the version are ignored. A text without a version is a name.
 */
export function parseOs(text: string): OperatingSystem {
  const words = wordsOf(text);
  const place = words.findIndex((word) => versionWord.test(word));
  const name = (place === -1 ? words : words.slice(0, place)).join(" ");
  const version = versionWord.exec(words[place] ?? "")?.[1];
  return { ...(name !== "" && { name }), ...(version !== undefined && { version }) };
}

/** Returns the words of a text in Unicode's normal form C. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize("NFC")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/**
 * Returns true if a version is in a range. Both ends belong to the range. A missing number of the version or of `from` counts as 0. The
 * end `4.2` includes `4.2.9`.
 */
export function isInRange(
  version: string,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): boolean {
  const numbers = version.split(".").map(Number);
  if (from !== undefined && compareNumbers(numbers, from.split(".").map(Number)) < 0) return false;
  if (to === undefined) return true;
  const end = to.split(".").map(Number);
  return compareNumbers(numbers.slice(0, end.length), end) <= 0;
}

function compareNumbers(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
