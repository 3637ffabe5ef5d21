/** How pages call a card: by its brand and last digits. */
import type { PaymentMethod } from "../entities/payment-method.ts";
import { testCardOf } from "../resources/payment-methods.ts";

const BRANDS: Record<string, string> = { amex: "American Express", jcb: "JCB", unionpay: "UnionPay" };

export function cardName(method: PaymentMethod): string {
  const { brand } = testCardOf(method);
  const name = BRANDS[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1);
  return `${name} ending in ${method.test_number.slice(-4)}`;
}

export function cardExpiry(method: PaymentMethod): string {
  return `${String(method.exp_month).padStart(2, "0")} / ${method.exp_year}`;
}
