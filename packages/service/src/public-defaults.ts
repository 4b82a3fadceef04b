/**
 * Every key and password that docker-compose.yml contains begins with this text, so one check covers each new one. A
 * value with this text is public.
 */
export const publicDefault = "for-a-first-look-only";

/**
 * Returns the variables that contain a public default, each with one sentence. A URL counts with its password. With
 * `FIRST_LOOK=1` no variable counts.
 */
export function findPublicDefaults(given: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  if (given["FIRST_LOOK"] === "1") return new Map();
  const remedy = "set your own value as .env.example describes, or set FIRST_LOOK=1 for a trial";
  return new Map(
    Object.entries(given)
      .filter(([, value]) => value.includes(publicDefault))
      .map(([name]) => [name, `${name} contains a public default of docker-compose.yml: ${remedy}.`]),
  );
}
