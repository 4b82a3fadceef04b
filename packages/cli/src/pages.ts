import type { Client } from "./client.ts";

type QueryValue = string | number | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** Returns a query string with its question mark, without the undefined values. A list repeats its name for each value. */
export function queryOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      if (one !== undefined) search.append(name, String(one));
  return search.size === 0 ? "" : `?${search.toString()}`;
}

type Limits = {
  /** The maximum number of items in total. Default: all items. */
  readonly max?: number;
  /** The maximum number of items that the route returns at once. */
  readonly atOnce?: number;
};

/** Reads the items of a list, result page by result page. */
export async function readItems<Item>(
  client: Client,
  path: string,
  query: Query = {},
  { max = Infinity, atOnce = 100 }: Limits = {},
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ;) {
    const limit = Math.min(atOnce, max - items.length);
    const page: { readonly items: readonly Item[]; readonly next?: string } = await client.get(
      `${path}${queryOf({ ...query, cursor, limit })}`,
    );
    items.push(...page.items);
    cursor = page.next;
    if (cursor === undefined || items.length >= max) return items;
  }
}
