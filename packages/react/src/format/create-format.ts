import { createDateFormat, type DateFormat } from "./dates.ts";
import { createAmountField, createMoneyFormat, type AmountField, type MoneyFormat } from "./money.ts";
import { createQuantityFormat, type QuantityFormat } from "./quantity.ts";

/** Everything that turns the server's figures into words of one locale. */
export interface Format extends DateFormat, QuantityFormat, AmountField {
  money: MoneyFormat;
}

export function createFormat(locale: string): Format {
  return {
    money: createMoneyFormat(locale),
    ...createAmountField(locale),
    ...createQuantityFormat(locale),
    ...createDateFormat(locale),
  };
}
