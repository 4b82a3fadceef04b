import { X509Certificate } from "node:crypto";
import type { KafkaConnection } from "./client.ts";

/** The fields of an error that kafkajs creates from an error of a TLS socket. */
type SocketError = Error & { readonly code?: unknown; readonly broker?: string };

/** The codes of Node for a certificate whose authority is not trusted. */
const unknownAuthority = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
  "INVALID_CA",
];

/** Returns one sentence for a certificate that this program or Kafka refuses, or undefined for another error. */
export function describeTlsFault(error: SocketError, { ssl }: KafkaConnection): string | undefined {
  if (ssl === undefined) return undefined;
  const { code, broker = "an unknown address" } = error;
  const whose = `The certificate of Kafka at ${broker}`;
  if (code === "CERT_HAS_EXPIRED") return `${whose} or of its authority in KAFKA_CA_FILE has expired.`;
  if (code === "CERT_NOT_YET_VALID")
    return `${whose} or of its authority in KAFKA_CA_FILE is not valid yet: check the clocks of both machines.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `${whose} is not for ${ssl.servername ?? hostOf(broker)}: set KAFKA_SERVER_NAME to a name in that certificate.`;
  if (unknownAuthority.includes(String(code)))
    return ssl.ca === undefined
      ? `${whose} has an unknown authority: set KAFKA_CA_FILE to the certificate of the authority.`
      : `${whose} is not signed by the authority in KAFKA_CA_FILE.`;
  if (/key values mismatch/.test(error.message))
    return "The private key in KAFKA_KEY_FILE does not belong to the certificate in KAFKA_CERT_FILE.";
  return isRefusedCertificate(code) ? describeClientFault(broker, ssl.cert) : undefined;
}

/** Kafka ends the handshake with an alert such as `bad certificate`, `certificate required` or `unknown ca`. */
function isRefusedCertificate(code: unknown): boolean {
  return /^ERR_SSL_.*ALERT_.*(?:CERTIFICATE|UNKNOWN_CA)/.test(String(code));
}

function describeClientFault(broker: string, cert: string | undefined): string {
  if (cert === undefined)
    return `Kafka at ${broker} requires a client certificate: set KAFKA_CERT_FILE and KAFKA_KEY_FILE.`;
  const expiresAt = readCertificate(cert)?.validToDate.getTime();
  if (expiresAt !== undefined && expiresAt < Date.now())
    return "The client certificate in KAFKA_CERT_FILE has expired.";
  return `Kafka at ${broker} refuses the client certificate in KAFKA_CERT_FILE.`;
}

/** Returns the first certificate of a PEM text, or undefined if the text has no certificate. */
export function readCertificate(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function hostOf(broker: string): string {
  return broker.replace(/:\d+$/, "");
}
