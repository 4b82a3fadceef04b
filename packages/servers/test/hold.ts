// Starts a part, says how it went as a line of JSON, and holds it until it is killed.
import { ServerFault, startKafka, startPostgres } from "@crossline/servers";

const [part, name = "", folder = "", port] = process.argv.slice(2);
const options = { name, folder, ...(port !== undefined && { port: Number(port) }) };
try {
  const running = await (part === "kafka" ? startKafka(options) : startPostgres(options));
  console.log(JSON.stringify({ pid: running.pid, adopted: running.adopted }));
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(JSON.stringify({ sentence: error instanceof ServerFault, message: String(error) }));
}
