import { expect, test } from "vitest";
import { brokerProperties } from "../src/kafka-properties.ts";

const read = (text: string): Map<string, string> =>
  new Map(text.split("\n").map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]));

test("a broker has a client listener and a controller listener, and advertises only the client listener", () => {
  const settings = read(brokerProperties({ data: "d", port: 1, controllerPort: 2 }));
  expect(settings.get("listeners")).toBe("CLIENTS://127.0.0.1:1,CONTROLLER://127.0.0.1:2");
  expect(settings.get("advertised.listeners")).toBe("CLIENTS://127.0.0.1:1");
});

test("an additional listener advertises the port of its proxy", () => {
  const extra = [{ name: "TIMER_0", port: 3, advertisedPort: 4 }];
  const settings = read(brokerProperties({ data: "d", port: 1, controllerPort: 2, extra }));
  expect(settings.get("listeners")).toContain("TIMER_0://127.0.0.1:3,");
  expect(settings.get("advertised.listeners")).toBe("CLIENTS://127.0.0.1:1,TIMER_0://127.0.0.1:4");
  const map = "CLIENTS:PLAINTEXT,TIMER_0:PLAINTEXT,CONTROLLER:PLAINTEXT";
  expect(settings.get("listener.security.protocol.map")).toBe(map);
});

test("a broker with users lets in only clients with a password, and asks its authorizer about each request", () => {
  const settings = read(brokerProperties({ data: "d", port: 1, controllerPort: 2, brokerPassword: "secret" }));
  expect(settings.get("listener.security.protocol.map")).toBe("CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT");
  expect(settings.get("authorizer.class.name")).toBe("org.apache.kafka.metadata.authorizer.StandardAuthorizer");
  expect(settings.get("super.users")).toBe("User:broker;User:operator");
  expect(settings.has("allow.everyone.if.no.acl.found")).toBe(false);
});
