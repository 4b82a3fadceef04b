/**
 * Data that no log message, metric or span may contain: a customer's phone number, mail address, device and name, and
 * an engineer's name and contact.
 */
export const planted = {
  phone: "+1 416 555 0173",
  phoneDigits: "4165550173",
  imei: "356938035643809",
  customer: "Zebedee Quillfeather",
  mail: "Z.Quillfeather@customers.example",
  engineer: { name: "Ottoline Brackenbury", contact: "ottoline.brackenbury@orchard.example" },
  /** The customer's name and IMEI as a slug, for fields that accept only slugs. */
  slug: "zebedee-quillfeather-356938035643809",
};

const needles = [
  "4165550173",
  "416 555 0173",
  planted.imei,
  "quillfeather",
  "zebedee",
  "brackenbury",
  "ottoline",
  "customers.example",
];

/** Returns the rows that contain planted data, without duplicates. */
export function leaksIn(lines: readonly string[]): string[] {
  const found = lines.filter((line) => needles.some((needle) => line.toLowerCase().includes(needle)));
  return [...new Set(found)];
}

/** The headers of a request that a client can fill. */
export const plantedHeaders: Readonly<Record<string, string>> = {
  "x-request-id": planted.phoneDigits,
  "user-agent": planted.customer,
  referer: `https://crm.example/?imei=${planted.imei}`,
  cookie: `customer=${planted.slug}`,
  traceparent: `00-${planted.imei}`,
  tracestate: `crm=${planted.slug}`,
  baggage: `customer=${planted.slug}`,
  "x-forwarded-for": planted.slug,
};

/** A subject block and a text with all planted data. */
export const subject = { name: planted.customer, phone: planted.phone, email: planted.mail, imei: planted.imei };
export const text = `${planted.customer}, ${planted.phone}, ${planted.imei}, ask for ${planted.engineer.name}`;
