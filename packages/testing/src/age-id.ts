const digits = "0123456789abcdefghjkmnpqrstvwxyz";

/** Returns the same id with a creation time that is `ms` earlier. The first ten digits of an id are its time. */
export function ageId(id: string, ms: number): string {
  const from = id.indexOf("_") + 1;
  let time = -ms;
  for (let place = 0; place < 10; place++) time += digits.indexOf(id.charAt(from + place)) * 32 ** (9 - place);
  const aged = Array.from({ length: 10 }, (_, place) => digits.charAt(Math.floor(time / 32 ** (9 - place)) % 32));
  return id.slice(0, from) + aged.join("") + id.slice(from + 10);
}
