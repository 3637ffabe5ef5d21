/** The answer kept under an idempotency key. */
export interface KeptAnswer {
  /** The key itself. */
  id: string;
  path: string;
  fingerprint: string;
  status: number;
  body: string;
  request_id: string;
  created: number;
}
