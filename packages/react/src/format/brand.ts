/** "Visa •••• 4242", which keeps together. */
export function cardName({ brand, last4 }: { brand: string; last4: string }): string {
  return `${brandName(brand)}\u00a0\u2022\u2022\u2022\u2022\u00a0${last4}`;
}

/** `visa` -> `Visa`: Stripe writes brands in lower case. */
export function brandName(brand: string): string {
  return brand.charAt(0).toUpperCase() + brand.slice(1);
}
