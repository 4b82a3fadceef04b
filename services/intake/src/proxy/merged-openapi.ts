import { request } from "undici";
import type { ServiceAddresses } from "../services/other-services.ts";

type Components = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Document = { readonly paths?: Record<string, unknown>; readonly components?: Components };

const respondWithinMs = 2_000;
const keptMs = 60_000;

/**
 * Creates a function that adds the `/v1` routes of the other services to intake's OpenAPI document. The function requests the documents
 * of the services only when it is called, and keeps them for a minute. If a service does not respond, the function uses the service's
 * last document, or none.
 */
export function createMergedOpenApi(addresses: ServiceAddresses): (own: object) => Promise<object> {
  const documents = new Map<string, { readonly document: Document; readonly at: number }>();

  async function fetchOne(name: string, url: string): Promise<Document> {
    const last = documents.get(name);
    if (last !== undefined && performance.now() - last.at < keptMs) return last.document;
    try {
      const response = await request(`${url}/openapi.json`, {
        headersTimeout: respondWithinMs,
        bodyTimeout: respondWithinMs,
      });
      if (response.statusCode !== 200) throw new Error(`the status is ${response.statusCode}`);
      const document = (await response.body.json()) as Document;
      documents.set(name, { document, at: performance.now() });
      return document;
    } catch {
      return last?.document ?? {};
    }
  }

  return async (own) => {
    const names = Object.entries(addresses);
    const others = await Promise.all(names.map(([name, url]) => fetchOne(name, url)));
    return others.reduce<Document>(
      (merged, other, index) => merge(merged, other, names[index]?.[0] ?? ""),
      own as Document,
    );
  };
}

/**
 * Adds the routes and components of a service's document to the target. If the target has a component with the same name and different
 * content, the added component gets the service's name as a prefix.
 */
function merge(own: Document, other: Document, name: string): Document {
  const { paths = {}, components = {} } = withoutClashes(own.components ?? {}, other, name);
  const publicPaths = Object.entries(paths).filter(([path]) => path.startsWith("/v1/"));
  const kinds = new Set([...Object.keys(own.components ?? {}), ...Object.keys(components)]);
  return {
    ...own,
    paths: { ...own.paths, ...Object.fromEntries(publicPaths) },
    components: Object.fromEntries(
      [...kinds].map((kind) => [kind, { ...components[kind], ...own.components?.[kind] }]),
    ),
  };
}

/**
 * Renames components until no two components clash. A new name also changes the components that refer to the renamed component. One
 * renaming can therefore cause another clash.
 */
function withoutClashes(own: Components, other: Document, name: string): Document {
  let document = other;
  for (;;) {
    const clashes = Object.entries(document.components ?? {}).flatMap(([kind, all]) =>
      Object.entries(all)
        .filter(([id, content]) => differs(own[kind]?.[id], content))
        .map(([id]) => ({ kind, id })),
    );
    if (clashes.length === 0) return document;
    document = clashes.reduce((renamed, clash) => rename(renamed, clash, `${name}.${clash.id}`), document);
  }
}

function differs(own: unknown, content: unknown): boolean {
  return own !== undefined && JSON.stringify(own) !== JSON.stringify(content);
}

function rename(document: Document, { kind, id }: { kind: string; id: string }, newId: string): Document {
  const { [id]: content, ...rest } = document.components?.[kind] ?? {};
  const renamed = { ...document, components: { ...document.components, [kind]: { ...rest, [newId]: content } } };
  const text = JSON.stringify(renamed).replaceAll(`"#/components/${kind}/${id}"`, `"#/components/${kind}/${newId}"`);
  return JSON.parse(text) as Document;
}
