export { AnswerFault, type Client, createClient } from "./client.ts";
export { type Host, hostServices } from "./in-process.ts";
export { type Ports, type ServiceName, type Settings, portsFrom, serviceNames } from "./services.ts";
export { type DeskRecord, openDesk } from "./vendor-desk.ts";
