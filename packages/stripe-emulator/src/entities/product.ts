/** What is sold. */
import type { Metadata } from "../wire/metadata.ts";

export interface Product {
  id: string;
  created: number;
  updated: number;
  active: boolean;
  name: string;
  description: string | null;
  default_price: string | null;
  images: string[];
  marketing_features: { name?: string | null }[];
  metadata: Metadata;
  shippable: boolean | null;
  statement_descriptor: string | null;
  tax_code: string | null;
  type: string;
  unit_label: string | null;
  url: string | null;
}
