export { type Child, startChild } from "./children.ts";
export { AnswerFault, type Client, createClient } from "./client.ts";
export { type Host, hostServices } from "./in-process.ts";
export { type Platform, type PlatformOptions, startPlatform } from "./platform.ts";
export { type Ports, type ServiceName, type Settings, environmentOf, portsFrom, serviceNames } from "./services.ts";
export { type DeskRecord, openDesk } from "./vendor-desk.ts";
export { readLog } from "./replay/log.ts";
export { incidentEventLog } from "./replay/mapping.ts";
export { replayLog } from "./replay/replay.ts";
