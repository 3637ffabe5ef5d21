/** Where events go. */
import type { Metadata } from "../wire/metadata.ts";

export interface WebhookEndpoint {
  id: string;
  created: number;
  url: string;
  secret: string;
  description: string | null;
  enabled_events: string[];
  status: "enabled" | "disabled";
  api_version: string | null;
  metadata: Metadata;
}
