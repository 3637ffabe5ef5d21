/** A number as it is read, and its value, which decides the plural. */
export interface Count {
  readonly value: number;
  /** In the locale's digits and signs: 1,234. */
  readonly written: string;
}

/** A sentence for each plural of the language; `#` is the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/**
 * Plurals as ICU messages have them, by the rules that the browser knows of the language: `one` and `other` in English and
 * German, and more in Polish or Arabic. No name of a person or a product belongs in a form: it might hold a `#`.
 */
export function createPlural(language: string): (count: Count, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(language);
  return ({ value, written }, forms) =>
    (forms[rules.select(value)] ?? forms.other).replaceAll("#", () => written);
}

/** "Ann, Bo and 4 more": the first few by name. */
export function createNameSome(
  language: string,
  andMore: (count: Count) => string,
): (names: readonly string[]) => string {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  return (names) => {
    const all = [...names];
    const more = all.length - NAMED_MAX;
    if (!(more > 0)) return list.format(all);
    return list.format([...all.slice(0, NAMED_MAX), andMore({ value: more, written: String(more) })]);
  };
}
const NAMED_MAX = 3;
