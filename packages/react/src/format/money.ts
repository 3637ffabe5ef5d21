/**
 * Money as words. An amount arrives as integer minor units and is only ever formatted here: it becomes a decimal string
 * by moving the point, and Intl formats that string, which is exact at any size. No sum is made in the browser.
 */

/**
 * Digits after the point in Stripe's minor units, where they are not two. Stripe's list, not Intl's: they differ, as
 * for ISK and UGX, which Stripe counts in hundredths though nobody pays them.
 * https://docs.stripe.com/currencies#zero-decimal
 */
export const exponents: Readonly<Record<string, number>> = {
  bif: 0,
  clp: 0,
  djf: 0,
  gnf: 0,
  jpy: 0,
  kmf: 0,
  krw: 0,
  mga: 0,
  pyg: 0,
  rwf: 0,
  vnd: 0,
  vuv: 0,
  xaf: 0,
  xof: 0,
  xpf: 0,
  bhd: 3,
  jod: 3,
  kwd: 3,
  omr: 3,
  tnd: 3,
};

/** Moves the point: (1900, 2) is "19.00". @throws RangeError when the amount is no safe integer */
export function toDecimal(minorUnits: number, exponent: number): string {
  if (!Number.isSafeInteger(minorUnits)) throw new RangeError(`${minorUnits} is no amount in minor units`);
  const digits = String(Math.abs(minorUnits)).padStart(exponent + 1, "0");
  const point = digits.length - exponent;
  const fraction = exponent === 0 ? "" : `.${digits.slice(point)}`;
  return `${minorUnits < 0 ? "-" : ""}${digits.slice(0, point)}${fraction}`;
}

export type MoneyFormat = (minorUnits: number, currency: string) => string;

export function createMoneyFormat(locale: string): MoneyFormat {
  const formats = new Map<string, Intl.NumberFormat>();
  return (minorUnits, currency) => {
    const exponent = exponents[currency] ?? 2;
    const format = formats.get(currency) ?? formatOf(locale, currency, exponent);
    formats.set(currency, format);
    return realMinus(format.format(toDecimal(minorUnits, exponent) as Intl.StringNumericLiteral));
  };
}

function formatOf(locale: string, currency: string, exponent: number): Intl.NumberFormat {
  const usual = new Intl.NumberFormat(locale, { style: "currency", currency }).resolvedOptions();
  const minimumFractionDigits = Math.min(usual.minimumFractionDigits ?? exponent, exponent);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits,
    maximumFractionDigits: exponent,
  });
}

/** Intl writes a hyphen in English, which is too short beside tabular figures. */
export function realMinus(text: string): string {
  return text.replace("-", "\u2212");
}
