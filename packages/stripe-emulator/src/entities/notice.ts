/** What was already announced of an object, such as an invoice that is coming up: said once for each instant. */
export interface Notice {
  /** Of the object that it is about. */
  id: string;
  collection: "invoices" | "subscriptionSchedules" | "subscriptions";
  /** By the kind of notice, the instant that was announced. */
  told: Partial<Record<string, number>>;
}
