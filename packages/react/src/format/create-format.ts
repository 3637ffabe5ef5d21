import { createDateFormat, type DateFormat } from "./dates.ts";
import { createMoneyFormat, type MoneyFormat } from "./money.ts";
import { createQuantityFormat, type QuantityFormat } from "./quantity.ts";

/** Everything that turns the server's figures into words of one locale. */
export interface Format extends DateFormat, QuantityFormat {
  money: MoneyFormat;
}

export function createFormat(locale: string): Format {
  return { money: createMoneyFormat(locale), ...createQuantityFormat(locale), ...createDateFormat(locale) };
}
