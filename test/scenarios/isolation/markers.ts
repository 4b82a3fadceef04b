import { randomBytes } from "node:crypto";

/** A text that occurs nowhere else, and the companies that may read it. */
type Marker = { readonly text: string; readonly what: string; readonly readers: readonly string[] };

/** The planted texts of all companies. */
export type Markers = {
  /** Plants a text that only these companies may read. The text fits into every field, also into the names of things. */
  readonly plant: (what: string, ...readers: readonly string[]) => string;
  /** Returns each planted text in `content` that the reader may not read, with its meaning. */
  readonly foreignIn: (content: string, reader: string | undefined) => readonly string[];
  /** Returns the planted texts in `content` that the reader may read. */
  readonly ownIn: (content: string, reader: string) => readonly string[];
};

/** Creates an empty list of markers. */
export function createMarkers(): Markers {
  const planted: Marker[] = [];
  const found = (content: string) => planted.filter(({ text }) => content.includes(text));
  const mayRead = (readers: readonly string[], reader: string | undefined): boolean =>
    reader !== undefined && readers.includes(reader);
  return {
    plant(what, ...readers) {
      const text = `zq${randomBytes(6).toString("hex")}`;
      planted.push({ text, what, readers });
      return text;
    },
    foreignIn: (content, reader) =>
      found(content)
        .filter(({ readers }) => !mayRead(readers, reader))
        .map(({ what, readers }) => `${what} of ${readers.join(" and ")}`),
    ownIn: (content, reader) =>
      found(content)
        .filter(({ readers }) => mayRead(readers, reader))
        .map(({ what }) => what),
  };
}
