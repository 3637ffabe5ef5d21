import type { Area } from "../area.ts";
import { invoiceWords as english } from "../en/invoices.ts";

export const invoicesWords: Area<"invoices"> = {
  name: "invoices",
  english,
  de: () => import("../de/parts/german-invoices.ts"),
};
