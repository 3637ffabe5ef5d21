/**
 * What a person typed as a number of minor units, or of whole things for no digits after the point; `null`: not one. Both
 * signs of the locale are known, and a group sign stands only before three digits: "50.00" in German is no five thousand.
 */
export function createNumberReader(locale: string): (text: string, digits: number) => number | null {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1_234_567.8);
  const sign = (type: "group" | "decimal", usual: string) =>
    parts.find((part) => part.type === type)?.value ?? usual;
  const [group, decimal] = [sign("group", ","), sign("decimal", ".")].map(escape);
  const grouped = new RegExp(`^\\d{1,3}(?:${isSpace(group) ? "\\s" : group}\\d{3})+(?=$|${decimal})`);
  // Arabic and others have digits of their own, which keyboards there type.
  const own = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)].reverse();
  const toAscii = (text: string) =>
    [...text].map((sign) => (own.includes(sign) ? String(own.indexOf(sign)) : sign)).join("");
  return (text, digits) => {
    const typed = toAscii(text.trim());
    const head = grouped.exec(typed)?.[0];
    const plain = head === undefined ? typed : head.replaceAll(/\D/g, "") + typed.slice(head.length);
    const match = new RegExp(`^(\\d+)(?:${decimal}(\\d*))?$`).exec(plain);
    if (match === null) return null;
    const fraction = match[2] ?? "";
    if (fraction.length > digits) return null;
    const value = Number(`${match[1]}${fraction.padEnd(digits, "0")}`);
    return Number.isSafeInteger(value) ? value : null;
  };
}

const isSpace = (sign: string | undefined) => sign !== undefined && /^\s$/.test(sign);
const escape = (sign: string) => sign.replace(/[.*+?^${}()|[\]\\]/, "\\$&");
