import { leadingWords } from "./blame/leading-words.ts";

const link = /<?(?:https?:\/\/|www\.)[^\s<>]+>?|(?<![a-z\d.-])(?:[a-z\d-]{1,63}\.){1,6}[a-z]{2,24}\/[^\s<>]*/giu;
const words = /[\p{L}\p{N}]+/gu;

/** Words after which the rest of a text is the signature. */
const closing =
  /(?:^|[\n.,!?;:-])\s{0,8}(?:(?:kind|best|warm|warmest|many|with kind|with best) (?:regards|wishes)|regards|sincerely|yours(?: sincerely| truly| faithfully)?|cheers|many thanks|thanks|thank you|(?:mit )?(?:freundlichen?|besten?|herzlichen?|vielen?|viele|liebe) gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|mfg|hochachtungsvoll|danke|merci|cordialement|bien (?:cordialement|à vous)|(?:sincères |meilleures )?salutations|cdlt|atentamente|(?:un )?(?:cordial )?saludos?|(?:muchas )?gracias|-- ?\n)(?![\p{L}\p{N}])/giu;

/** A greeting at the beginning, with at most four words of a name. */
const greeting =
  /^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|moin|servus|grüezi|bonjour|bonsoir|salut|ch(?:er|ère)s?|madame|monsieur|hola|buenos días|buenas(?: tardes| noches)?|estimad[oa]s?|querid[oa]s?)(?![\p{L}\p{N}])(?: {1,3}[\p{L}.'’-]{1,40}){0,4}?\s*(?:[,!.:;\n]|$|(?=see\b|siehe\b|voir\b|voyez\b|vea\b|ver\b|consulte\b|lisez\b|please\b|bitte\b|veuillez\b|por favor\b|here\b|hier\b|voici\b|aquí\b|https?:|www\.))/iu;

/**
 * Returns true if a text is only a link, without a sentence that answers the customer. A greeting, words such as “see” or “please
 * read”, and a signature answer nothing.
 */
export function isOnlyLink(text: string): boolean {
  const withoutLinks = text.replaceAll(link, " \n ");
  if (withoutLinks === text) return false;
  const body = withoutSignature(withoutLinks.normalize("NFC").replace(greeting, " "));
  return (body.match(words) ?? []).every((word) => leadingWords.has(word.toLowerCase()));
}

/** The maximum length of a signature. A longer text after a closing word can contain an answer. */
const signatureMax = { words: 12, characters: 300 } as const;

function withoutSignature(text: string): string {
  const tailFrom = Math.max(0, text.length - signatureMax.characters);
  for (const { index, 0: part } of text.slice(tailFrom).matchAll(closing)) {
    const rest = text.slice(tailFrom + index + part.length).trim();
    if ((rest.match(words)?.length ?? 0) <= signatureMax.words && !/[.!?]\s+\p{L}/u.test(rest))
      return text.slice(0, tailFrom + index);
  }
  return text;
}
