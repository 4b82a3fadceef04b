const id = /\b[a-z]{2,4}_[0-9a-z]{26}\b/g;
const hash = /\b[0-9a-f]{64}\b/g;

/**
 * Makes the texts of two runs of a story comparable. The function replaces ids, hashes, texts of the form `planted` and other values of
 * one run by names, which it numbers by appearance. Instants of a stepped timeline stay unchanged.
 */
export function maskRun(
  texts: readonly string[],
  ofOneRun: Readonly<Record<string, string>>,
  planted?: RegExp,
): readonly string[] {
  const names = new Map<string, string>();
  const named = (kind: string) => (found: string) => {
    const name = names.get(found) ?? `${kind} ${names.size}`;
    names.set(found, name);
    return name;
  };
  return texts.map((text) => {
    const known = Object.entries(ofOneRun).reduce((told, [from, to]) => told.replaceAll(from, to), text);
    const shown = planted === undefined ? known : known.replaceAll(planted, named("planted"));
    return shown.replaceAll(id, named("id")).replaceAll(hash, named("hash"));
  });
}
