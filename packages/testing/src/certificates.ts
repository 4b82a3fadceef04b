// @peculiar/x509 needs the functions that this import adds to Reflect.
// oxlint-disable-next-line import/no-unassigned-import -- the import has no value
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 3_600_000;

/** A certificate and its private key in PEM form. */
export type Certificate = { readonly cert: string; readonly key: string };

type CertificateOptions = {
  /** The common name of the subject. */
  readonly name: string;
  /** The names and IP addresses for which a server shows the certificate. */
  readonly hosts?: readonly string[];
  /** If true, the certificate has expired a day ago. */
  readonly expired?: boolean;
};

/** An authority of one test. `cert` is its own certificate in PEM form. */
export type Authority = {
  readonly cert: string;
  readonly sign: (options: CertificateOptions) => Promise<Certificate>;
};

/** Makes an authority that signs certificates of servers and clients. Nothing outside the test trusts it. */
export async function createAuthority(name = "crossline-test"): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(false),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return {
    cert: own.toString("pem"),
    async sign({ name: subject, hosts = [], expired = false }) {
      const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const names = hosts.map((value) => ({
        type: /^[\d.]+$/.test(value) ? ("ip" as const) : ("dns" as const),
        value,
      }));
      const certificate = await x509.X509CertificateGenerator.create({
        ...validity(expired),
        subject: `CN=${subject}`,
        issuer: own.subject,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)],
      });
      return { cert: certificate.toString("pem"), key: await toPem(pair.privateKey) };
    },
  };
}

function validity(expired: boolean): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 2 * dayMs), notAfter: new Date(expired ? now - dayMs : now + dayMs) };
}

async function toPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), x509.PemConverter.PrivateKeyTag);
}
