import { exponents, toDecimal } from "./money.ts";
import { createNumberReader } from "./read-number.ts";

export interface AmountField {
  /** 50.00, without its currency, as it stands in a field. */
  amount: (minorUnits: number, currency: string) => string;
  /** Minor units of what was typed; `null`: no amount. */
  readAmount: (text: string, currency: string) => number | null;
  readCount: (text: string) => number | null;
}

export function createAmountField(locale: string): AmountField {
  const read = createNumberReader(locale);
  return {
    amount(minorUnits, currency) {
      const exponent = exponents[currency] ?? 2;
      const format = new Intl.NumberFormat(locale, {
        minimumFractionDigits: exponent,
        maximumFractionDigits: exponent,
      });
      return format.format(toDecimal(minorUnits, exponent) as Intl.StringNumericLiteral);
    },
    readAmount: (text, currency) => read(text, exponents[currency] ?? 2),
    readCount: (text) => read(text, 0),
  };
}
