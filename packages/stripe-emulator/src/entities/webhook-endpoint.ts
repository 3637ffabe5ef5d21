/** Where events go. */
import type { Metadata } from "../wire/metadata.ts";

export interface WebhookEndpoint {
  id: string;
  created: number;
  url: string;
  secret: string;
  /** The secret before, for as long as it signs too. */
  old_secret?: { secret: string; expires_at: number };
  description: string | null;
  enabled_events: string[];
  status: "enabled" | "disabled";
  api_version: string | null;
  metadata: Metadata;
}
