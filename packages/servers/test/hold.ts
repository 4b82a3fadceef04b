// This program starts a server, prints the result as one row of JSON, and keeps the lease until it is killed.
import { ServerFault, startOpenKafka, startPostgres } from "@crossline/servers";

const [server, name = "", folder = "", port] = process.argv.slice(2);
const options = { name, folder, ...(port !== undefined && { port: Number(port) }) };
try {
  const running = await (server === "kafka" ? startOpenKafka({ ...options }) : startPostgres(options));
  console.log(JSON.stringify({ pid: running.pid, adopted: running.adopted }));
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(JSON.stringify({ sentence: error instanceof ServerFault, message: String(error) }));
}
