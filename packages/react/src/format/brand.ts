/** `visa` -> `Visa`: Stripe writes brands in lower case. */
export function brandName(brand: string): string {
  return brand.charAt(0).toUpperCase() + brand.slice(1);
}
