/** Splits CSV text (RFC 4180: quotes, doubled quotes, line ends within quotes) into rows, as the chunks of a stream arrive. */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncIterable<string[]> {
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  let wasQuote = false; // A quote within quotes: an end, unless a second one follows.
  let isEmpty = true;
  for await (const chunk of chunks) {
    for (const char of chunk) {
      if (wasQuote) {
        wasQuote = false;
        if (char === '"') {
          field += '"';
          continue;
        }
        isQuoted = false;
      }
      if (isQuoted) {
        if (char === '"') wasQuote = true;
        else field += char;
      } else if (char === '"' && field === "") isQuoted = true;
      else if (char === ",") {
        row.push(field);
        field = "";
        isEmpty = false;
      } else if (char === "\n") {
        field = withoutReturn(field);
        if (!isEmpty || field !== "") yield [...row, field];
        row = [];
        field = "";
        isEmpty = true;
      } else field += char;
    }
  }
  if (isQuoted && !wasQuote) throw new Error("the file ends within a quoted field");
  field = withoutReturn(field);
  if (!isEmpty || field !== "") yield [...row, field];
}

function withoutReturn(field: string): string {
  return field.endsWith("\r") ? field.slice(0, -1) : field;
}
