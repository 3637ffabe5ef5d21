/** Amounts are integers in a currency's smallest unit. Everything that divides says here how it rounds. */

/** Currencies whose smallest unit is the whole one, as Stripe lists them. */
const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "));

/** Smallest amount that Stripe charges, by currency; others have none here. */
const MINIMUM_CHARGE: Record<string, number> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  chf: 50,
  cad: 50,
  aud: 50,
  jpy: 50,
};

export function minimumCharge(currency: string): number {
  return MINIMUM_CHARGE[currency] ?? 0;
}

/** Rounds a quotient to the nearest integer, halves away from zero: a cent and a half becomes two, owed or credited. */
export function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value)) + 0;
}

/** `6783, "eur"` -> `€67.83`, with a minus sign in front of what is negative. */
export function formatAmount(amount: number, currency: string): string {
  const digits = ZERO_DECIMAL.has(currency) ? 0 : 2;
  return new Intl.NumberFormat("en-IE", {
    style: "currency",
    currency: currency.toUpperCase(),
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}

/** Price times quantity. A price with a decimal part of the smallest unit is rounded once, on the whole line. */
export function lineAmount(
  price: { unit_amount: number | null; unit_amount_decimal: string | null },
  quantity: number,
) {
  const unit = price.unit_amount ?? Number(price.unit_amount_decimal ?? "0");
  return roundHalfAway(unit * quantity);
}
