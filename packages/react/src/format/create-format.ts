import { createDateFormat, type DateFormat } from "./dates.ts";
import { createMoneyFormat, type MoneyFormat } from "./money.ts";
import { createQuantityFormat, type QuantityFormat } from "./quantity.ts";

/** Everything that turns the server's figures into words of one locale. */
export interface Format extends DateFormat, QuantityFormat {
  /** For what only some parts format or read. */
  locale: string;
  money: MoneyFormat;
}

/** @param language of the words around them: a French date in an English sentence helps nobody, French digits do */
export function createFormat(locale: string, language = new Intl.Locale(locale).language): Format {
  const isSame = new Intl.Locale(locale).language === language;
  return {
    locale,
    money: createMoneyFormat(locale),
    ...createQuantityFormat(locale),
    ...createDateFormat(isSame ? locale : language),
  };
}
