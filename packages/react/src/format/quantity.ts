import type { Count } from "../messages/plural.ts";
import { realMinus } from "./money.ts";

const KIB = 1_024;
const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export interface QuantityFormat {
  /** 1,234,567 */
  count: (value: number) => string;
  /** The same with its value, where a sentence depends on how many. */
  counted: (value: number) => Count;
  /** 1.2M: for axes, where the full number stands nearby. */
  compact: (value: number) => string;
  /** +1,000 or −1,000: what a movement does to a balance. */
  signed: (value: number) => string;
  /** 540 MiB: the largest unit that leaves at least one, with a decimal below ten. */
  bytes: (value: number) => string;
}

export function createQuantityFormat(locale: string): QuantityFormat {
  const plain = new Intl.NumberFormat(locale);
  const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const withSign = new Intl.NumberFormat(locale, { signDisplay: "exceptZero" });
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const count = (value: number) => realMinus(plain.format(value));
  return {
    count,
    counted: (value) => ({ value, written: count(value) }),
    compact: (value) => realMinus(short.format(value)),
    signed: (value) => realMinus(withSign.format(value)),
    bytes(value) {
      let size = value;
      let unit = 0;
      while (Math.abs(size) >= KIB && unit < byteUnits.length - 1) {
        size /= KIB;
        unit += 1;
      }
      const number = Math.abs(size) < 10 ? oneDecimal.format(size) : plain.format(Math.floor(size));
      return `${realMinus(number)} ${byteUnits[unit]}`;
    },
  };
}
