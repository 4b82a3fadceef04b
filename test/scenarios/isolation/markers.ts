import { randomBytes } from "node:crypto";

/** The companies that may read a text. A function is asked at the end of a history, because a later offer can add a reader. */
export type Readers = readonly string[] | (() => readonly string[]);
/** A text that occurs nowhere else, and the companies that may read it. A log may contain an id, but no planted text. */
type Marker = { readonly what: string; readonly readers: Readers; readonly isPlanted: boolean };

/** The planted texts and the ids of all companies. */
export type Markers = {
  /** Plants a text that only these companies may read. The text fits into every field, also into the names of things. */
  readonly plant: (what: string, ...readers: readonly string[]) => string;
  /** Plants a text whose readers are known later. */
  readonly plantFor: (what: string, readers: Readers) => string;
  /** Remembers an id that only these companies may read. A later call replaces the readers. */
  readonly remember: (id: string, what: string, readers: Readers) => void;
  /**
   * Returns each planted text and each remembered id in `content` that the reader may not read, with its meaning. A text that the reader
   * has sent itself (`sent`) is not foreign.
   */
  readonly foreignIn: (content: string, reader: string | undefined, sent?: string) => readonly string[];
  /** Returns the planted texts in `content` that the reader may read. */
  readonly ownIn: (content: string, reader: string) => readonly string[];
  /** Returns every planted text in `content`, with its meaning. */
  readonly plantedIn: (content: string) => readonly string[];
};

const form = /zq[0-9a-f]{12}|\b[a-z]{2,4}_[0-9a-z]{26}/g;
const encoded = /"next":"([\w-]+)"/g;

/** Creates an empty list of markers. */
export function createMarkers(): Markers {
  const known = new Map<string, Marker>();
  const prefix = randomBytes(3).toString("hex");
  const found = (content: string): (readonly [text: string, marker: Marker])[] => {
    // A cursor is a text in base64url.
    const decoded = [...content.matchAll(encoded)].map(([, text = ""]) => Buffer.from(text, "base64url").toString());
    const texts = new Set([content, ...decoded].flatMap((one) => one.match(form) ?? []));
    return [...texts].flatMap((text) => {
      const marker = known.get(text);
      return marker === undefined ? [] : [[text, marker] as const];
    });
  };
  const readersOf = ({ readers }: Marker): readonly string[] => (typeof readers === "function" ? readers() : readers);
  const mayRead = (marker: Marker, reader: string | undefined): boolean =>
    reader !== undefined && readersOf(marker).includes(reader);
  const plantFor: Markers["plantFor"] = (what, readers) => {
    // The texts of a history have the order of their planting, so that lists in alphabetical order are the same in each run.
    const text = `zq${prefix}${known.size.toString(16).padStart(6, "0")}`;
    known.set(text, { what, readers, isPlanted: true });
    return text;
  };
  return {
    plant: (what, ...readers) => plantFor(what, readers),
    plantFor,
    remember(id, what, readers) {
      known.set(id, { what, readers, isPlanted: false });
    },
    foreignIn: (content, reader, sent = "") =>
      found(content)
        .filter(([text, marker]) => !mayRead(marker, reader) && !sent.includes(text))
        .map(([, marker]) => `${marker.what} of ${readersOf(marker).join(" and ")}`),
    ownIn: (content, reader) =>
      found(content)
        .filter(([, marker]) => marker.isPlanted && mayRead(marker, reader))
        .map(([, { what }]) => what),
    plantedIn: (content) =>
      found(content)
        .filter(([, { isPlanted }]) => isPlanted)
        .map(([, marker]) => `${marker.what} of ${readersOf(marker).join(" and ")}`),
  };
}
