import { randomUUID } from "node:crypto";
import { fastify } from "fastify";
// oxlint-disable-next-line eslint/no-restricted-imports -- the reference is code without this project's packages
import pg from "pg";

/**
 * The reference of intake: bare Fastify and one INSERT per request, durable before the response. The reference has no
 * API key, validation, log, idempotency or event. The responses of this program are as large as intake's responses.
 */
const { DATABASE_URL, PORT } = process.env;
const responseBytes = 1_150; // The size of intake's response to the same request.
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query("create table if not exists bare (id text primary key, body json not null)");
const rest = "x".repeat(responseBytes - 60);
const http = fastify();
http.post("/v1/cases", async (request, reply) => {
  const id = randomUUID();
  await pool.query({
    name: "insert",
    text: "insert into bare (id, body) values ($1, $2)",
    values: [id, JSON.stringify(request.body)],
  });
  return reply.code(201).send({ id, rest });
});
await http.listen({ host: "127.0.0.1", port: Number(PORT) });
process.send?.("ready");
process.on("disconnect", () => process.exit(0));
