/** Returns the name of a clock as a screen shows it. The clock of one promise or one owed item has an id in its name, which says nothing. */
export function clockWords(name: string): string {
  return name.split("/", 1)[0] ?? name;
}

/** Says whose clock it is: the company that is charged, or "you". */
export function chargedWords(charged: string, own: string): string {
  return charged === own ? "you" : charged;
}
