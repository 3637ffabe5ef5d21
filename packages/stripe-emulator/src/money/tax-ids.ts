/**
 * How tax ids are written. EU VAT numbers are checked for the structure that each member state publishes with VIES
 * (ec.europa.eu/taxation_customs/vies), a few of the neighbours' by their own; of all other types only the length is
 * checked. Check digits are nobody's business here: whether a number exists is what verification tells later.
 */

/** The part after the country's two letters; Greece writes EL, Northern Ireland XI. */
const EU_VAT: Record<string, RegExp> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z0-9]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d{7}[A-Z]{1,2}|\d[A-Z0-9+*]\d{5}[A-Z])$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
};

const OTHERS: Record<string, RegExp> = {
  ch_vat: /^CHE\d{9}(MWST|TVA|IVA)?$/,
  eu_oss_vat: /^EU\d{9}$/,
  gb_vat: /^GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  no_vat: /^\d{9}MVA$/,
  us_ein: /^\d{9}$/,
};

const MAX_LENGTH = 30;

const COUNTRY_OF_PREFIX: Record<string, string> = { EL: "GR", XI: "GB" };

/** Whether there is a register that Stripe asks about numbers of this type. */
export function isVerifiable(type: string): boolean {
  return type === "eu_vat" || type === "gb_vat" || type === "au_abn";
}

/** Country of a well-formed id; null when the type belongs to no one country, undefined when it is not well-formed. */
export function countryOfTaxId(type: string, value: string): string | null | undefined {
  const bare = value.toUpperCase().replaceAll(/[\s.-]/g, "");
  if (bare === "" || bare.length > MAX_LENGTH) return undefined;
  if (type === "eu_vat") {
    const prefix = bare.slice(0, 2);
    if (!EU_VAT[prefix]?.test(bare.slice(2))) return undefined;
    return COUNTRY_OF_PREFIX[prefix] ?? prefix;
  }
  if (OTHERS[type]?.test(bare) === false) return undefined;
  const [country = ""] = type.split("_");
  return country.length === 2 && country !== "eu" ? country.toUpperCase() : null;
}

/** What test mode's numbers come to in the register: all zeros are found, all ones are not, all twos are never answered. */
export function testVerification(value: string): "verified" | "unverified" | "pending" | null {
  const digits = value.replaceAll(/\D/g, "");
  if (/^0+$/.test(digits)) return "verified";
  if (/^1+$/.test(digits)) return "unverified";
  return /^2+$/.test(digits) ? "pending" : null;
}
