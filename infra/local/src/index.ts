export { AnswerFault, type Client, createClient } from "./client.ts";
export { type DeskRecord, openDesk } from "./vendor-desk.ts";
