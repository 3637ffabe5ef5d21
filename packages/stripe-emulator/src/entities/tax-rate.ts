/** One percentage: of one country, made by automatic tax, or of the seller's own, to be named on invoices. */
import type { Metadata } from "../wire/metadata.ts";

export interface TaxRate {
  id: string;
  created: number;
  /** Made by automatic tax; those never change and cannot be named. */
  is_automatic: boolean;
  active: boolean;
  display_name: string;
  description: string | null;
  country: string | null;
  state: string | null;
  jurisdiction: string | null;
  percentage: number;
  inclusive: boolean;
  tax_type: string | null;
  metadata: Metadata;
}
