/** The names of the characters U+00A0 to U+00FF in HTML 4 (24.2.1), in order. */
const latin =
  "nbsp,iexcl,cent,pound,curren,yen,brvbar,sect,uml,copy,ordf,laquo,not,shy,reg,macr,deg,plusmn,sup2,sup3,acute,micro,para,middot,cedil,sup1,ordm,raquo,frac14,frac12,frac34,iquest,Agrave,Aacute,Acirc,Atilde,Auml,Aring,AElig,Ccedil,Egrave,Eacute,Ecirc,Euml,Igrave,Iacute,Icirc,Iuml,ETH,Ntilde,Ograve,Oacute,Ocirc,Otilde,Ouml,times,Oslash,Ugrave,Uacute,Ucirc,Uuml,Yacute,THORN,szlig,agrave,aacute,acirc,atilde,auml,aring,aelig,ccedil,egrave,eacute,ecirc,euml,igrave,iacute,icirc,iuml,eth,ntilde,ograve,oacute,ocirc,otilde,ouml,divide,oslash,ugrave,uacute,ucirc,uuml,yacute,thorn,yuml".split(
    ",",
  );
const entities: ReadonlyMap<string, string> = new Map([
  ...latin.map((name, index): [string, string] => [name, name === "nbsp" ? " " : String.fromCodePoint(0xa0 + index)]),
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["euro", "€"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["hellip", "…"],
  ["bull", "•"],
]);

/** Every repetition in these expressions has a limit, so that a hostile mail takes no more than linear time. */
const inputMax = 200_000;
/** Elements that have no text for a reader. A missing end tag hides the rest, as in a browser. */
const hidden = /<(script|style|head|title|template|noscript)\b[^>]{0,300}>[\s\S]*?(?:<\/\1\s*>|$)/gi;
/** The containers into which mail programs put the earlier mail. */
const quoted =
  /<(?:blockquote\b|div\b[^>]{0,200}(?:class="?[^">]{0,100}gmail_quote|id="?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container))[^>]{0,300}>)/i;

/**
 * Returns the text of an HTML mail: one row per block, links as their text. The result contains none of the tags. Earlier text in the
 * containers of well-known mail programs is left out.
 */
export function htmlToText(html: string): string {
  const input = html
    .slice(0, inputMax)
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replaceAll(hidden, "");
  const start = quoted.exec(input)?.index;
  const own = start === undefined ? input : input.slice(0, start);
  const text = tagsToText(own);
  return text.trim() === "" ? tagsToText(input) : text;
}

function tagsToText(html: string): string {
  return decode(
    html
      .replaceAll(/\s+/g, " ")
      .replaceAll(/<br\b[^>]{0,300}>/gi, "\n")
      .replaceAll(/<li\b[^>]{0,300}>/gi, "\n- ")
      .replaceAll(/<\/(?:td|th)\s*>/gi, "\t")
      .replaceAll(/<\/?(?:p|div|h[1-6]|tr|table|ul|ol|pre|section|article|hr|blockquote)\b[^>]{0,300}>/gi, "\n")
      .replaceAll(/<[^>]*>?/g, ""),
  )
    .split("\n")
    .map((row) => row.trim())
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,10}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined)
      return entities.get(name as string) ?? entities.get((name as string).toLowerCase()) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "";
  });
}
