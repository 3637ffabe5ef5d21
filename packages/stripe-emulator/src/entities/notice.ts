/** What was already said about an object that only says something, such as an invoice that is coming up. */
export interface Notice {
  /** Of the object that it is about. */
  id: string;
  collection: string;
  /** By the kind of notice, the instant it announced: said once for each such instant. */
  told: Record<string, number>;
}
