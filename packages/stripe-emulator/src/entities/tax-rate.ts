/** One percentage of one country. */
export interface TaxRate {
  id: string;
  created: number;
  country: string;
  percentage: number;
  inclusive: boolean;
}
