/** Invoices. */
export { invoiceWords as invoices } from "../invoices.ts";
