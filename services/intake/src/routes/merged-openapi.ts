import { request } from "undici";
import type { PeerAddresses } from "../workers/timeline-reports.ts";

type Document = { paths?: Record<string, unknown>; components?: { schemas?: Record<string, unknown> } };

const answerWithinMs = 2_000;
const keptMs = 60_000;

/**
 * Describes the public address: our own routes and the `/v1` routes of the others, whose documents are asked for when
 * somebody wants it and kept for a minute. Of a part that does not answer, what was known before is told, or nothing.
 */
export function createMergedOpenApi(addresses: PeerAddresses): (own: object) => Promise<object> {
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

/** A schema of the same name that says something else gets the part's name in front. */
function merge(own: Document, other: Document, name: string): Document {
  const schemas = { ...own.components?.schemas };
  const renamed: [string, string][] = [];
  for (const [schema, content] of Object.entries(other.components?.schemas ?? {})) {
    const known = schemas[schema];
    if (known === undefined) schemas[schema] = content;
    else if (JSON.stringify(known) !== JSON.stringify(content)) {
      const better = `${name}.${schema}`;
      schemas[better] = content;
      renamed.push([`"#/components/schemas/${schema}"`, `"#/components/schemas/${better}"`]);
    }
  }
  const publicPaths = Object.entries(other.paths ?? {}).filter(([path]) => path.startsWith("/v1/"));
  let paths = JSON.stringify(Object.fromEntries(publicPaths));
  for (const [from, to] of renamed) paths = paths.replaceAll(from, to);
  return {
    ...own,
    paths: { ...own.paths, ...(JSON.parse(paths) as Record<string, unknown>) },
    components: { ...own.components, schemas },
  };
}
