import { type Refusal, type Subject, refusal } from "@crossline/contracts";
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** Returns true if Crossline can read telephone numbers of this country (ISO 3166-1 alpha-2, in capital letters). */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/**
 * Converts a telephone number to E.164 (`+14165550100`). The text has the form that people dial in `country`, or an
 * international form with `+` or `00`. Returns undefined if the text is not a number, has too few digits, has an extension, or
 * is a national number without a country.
 */
export function readNumber(written: string, country?: string): string | undefined {
  const read = country === undefined || isCountry(country) ? parse(written, country) : undefined;
  // In many countries, `00` does not dial another country, but people write `00` for `+`.
  return read ?? (/^\s*00/.test(written) ? parse(written.replace("00", "+")) : undefined);
}

function parse(written: string, country?: CountryCode): string | undefined {
  const where = country === undefined ? {} : { defaultCountry: country };
  const number = parsePhoneNumberFromString(written, { ...where, extract: false });
  return number?.isValid() === true && number.ext === undefined ? number.number : undefined;
}

/** Returns true if the subject has a national number, whose meaning depends on the country. */
export function dependsOnCountry({ msisdn, phone }: Subject): boolean {
  return [msisdn, phone].some((number) => number !== undefined && isNational(number));
}

function isNational(number: string): boolean {
  return !/^\s*(?:\+|00)/.test(number);
}

/**
 * Returns true if a number of the North American plan is already in E.164. Ten digits after `+1` contain no prefix that a
 * conversion would remove. The check saves 19 µs, which is a tenth of the time that intake needs to open a case. Numbers of
 * other plans can contain a prefix that a conversion removes.
 */
function isE164(number: string): boolean {
  return /^\+1[2-9]\d{9}$/.test(number);
}

/**
 * Returns the subject with its telephone numbers in E.164. Crossline reads the numbers by the rules of the country. Contacts
 * find cases by MSISDN, so an unreadable national MSISDN is refused if the carrier has a country. Other values stay unchanged,
 * for example a national number without a country, or a number after `+` that fits no numbering plan. A `phone` may be any
 * text.
 */
export function readNumbers(subject: Subject, country: string | undefined): Subject | Refusal {
  const { msisdn, phone } = subject;
  const read = msisdn === undefined || isE164(msisdn) ? msisdn : readNumber(msisdn, country);
  if (msisdn !== undefined && read === undefined && country !== undefined && isNational(msisdn)) {
    const message = `is not a telephone number of ${country}; write a number of another country with + and its code`;
    return refusal("invalid_request", `subject.msisdn ${message}.`, { fields: [{ at: "/subject/msisdn", message }] });
  }
  return {
    ...subject,
    ...(msisdn !== undefined && { msisdn: read ?? msisdn }),
    ...(phone !== undefined && { phone: isE164(phone) ? phone : (readNumber(phone, country) ?? phone) }),
  };
}
