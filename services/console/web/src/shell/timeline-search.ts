/** The part of an address that names the timeline of a screen. Absent: the wall timeline. */
export type TimelineSearch = { readonly timeline?: string };

type RawSearch = Readonly<Record<string, unknown>>;

/** Reads the timeline from the parameters of an address. */
export function timelineIn({ timeline }: RawSearch): TimelineSearch {
  return typeof timeline === "string" && /^(?:stp|imp)_[0-9a-z]+$/.test(timeline) ? { timeline } : {};
}

/**
 * Makes the reader of an address remove the parameters that do not fit. For a parameter that a reader leaves out, the router would keep
 * the raw value, which can be of any type.
 */
export function onlyFitting<Search extends object>(read: (search: RawSearch) => Search): (search: RawSearch) => Search {
  return (search) => ({ ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])), ...read(search) });
}

/** Removes a timeline that does not fit, for the frame and for the screens. Other parameters belong to the screens. */
export function frameSearch(search: RawSearch): TimelineSearch {
  return onlyFitting(timelineIn)({ timeline: search["timeline"] });
}
