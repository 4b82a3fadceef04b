import { request } from "undici";
import type { ServiceAddresses } from "../services/other-services.ts";

type Components = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Document = { readonly paths?: Record<string, unknown>; readonly components?: Components };

const answerWithinMs = 2_000;
const keptMs = 60_000;

/**
 * Describes the public address: our own routes and the `/v1` routes of the others, whose documents are asked for when
 * somebody wants it and kept for a minute. Of a part that does not answer, what was known before is told, or nothing.
 */
export function createMergedOpenApi(addresses: ServiceAddresses): (own: object) => Promise<object> {
  const kept = new Map<string, { readonly document: Document; readonly at: number }>();

  async function fetchOne(name: string, url: string): Promise<Document> {
    const known = kept.get(name);
    if (known !== undefined && performance.now() - known.at < keptMs) return known.document;
    try {
      const answer = await request(`${url}/openapi.json`, {
        headersTimeout: answerWithinMs,
        bodyTimeout: answerWithinMs,
      });
      if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
      const document = (await answer.body.json()) as Document;
      kept.set(name, { document, at: performance.now() });
      return document;
    } catch {
      return known?.document ?? {};
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

/** A component of the same name that says something else gets the part's name in front. */
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

/** What refers to a renamed component differs from its namesake too: so until nothing clashes. */
function withoutClashes(known: Components, other: Document, name: string): Document {
  let document = other;
  for (;;) {
    const clashes = Object.entries(document.components ?? {}).flatMap(([kind, all]) =>
      Object.entries(all)
        .filter(([id, content]) => differs(known[kind]?.[id], content))
        .map(([id]) => ({ kind, id })),
    );
    if (clashes.length === 0) return document;
    document = clashes.reduce((renamed, clash) => rename(renamed, clash, `${name}.${clash.id}`), document);
  }
}

function differs(known: unknown, content: unknown): boolean {
  return known !== undefined && JSON.stringify(known) !== JSON.stringify(content);
}

function rename(document: Document, { kind, id }: { kind: string; id: string }, better: string): Document {
  const { [id]: content, ...rest } = document.components?.[kind] ?? {};
  const renamed = { ...document, components: { ...document.components, [kind]: { ...rest, [better]: content } } };
  const text = JSON.stringify(renamed).replaceAll(`"#/components/${kind}/${id}"`, `"#/components/${kind}/${better}"`);
  return JSON.parse(text) as Document;
}
