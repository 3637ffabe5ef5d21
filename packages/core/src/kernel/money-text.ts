import { safeInteger } from "./invariant.ts";

/**
 * Currencies whose minor unit is not a hundredth, as Stripe counts them, which is not always how people pay.
 * Source: https://docs.stripe.com/currencies#zero-decimal and #three-decimal
 */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ").map((code) => [code, 0]),
  ),
  ...Object.fromEntries("bhd jod kwd omr tnd".split(" ").map((code) => [code, 3])),
};

/**
 * An amount for the server's own sentences (notices, mails, reports): `(19040, "eur")` is "€190.40". The point is moved
 * in the text, no number is divided. The page formats its amounts itself, in the reader's language.
 */
export function moneyText(minorUnits: number, currency: string): string {
  const exponent = EXPONENTS[currency] ?? 2;
  const digits = String(Math.abs(safeInteger(minorUnits, "an amount"))).padStart(exponent + 1, "0");
  const point = digits.length - exponent;
  const decimal = `${digits.slice(0, point)}${exponent === 0 ? "" : `.${digits.slice(point)}`}`;
  const format = new Intl.NumberFormat("en-IE", {
    style: "currency",
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  return `${minorUnits < 0 ? "\u2212" : ""}${format.format(decimal as Intl.StringNumericLiteral)}`;
}
