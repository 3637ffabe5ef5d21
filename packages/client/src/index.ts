export type * from "./types.ts";
export type * from "./usage-types.ts";
export type * from "./told.ts";
export type * from "./page-types.ts";
export type * from "./backend-types.ts";
export type * from "./outgoing-types.ts";
export type * from "./keys.ts";
export type * from "./auth-types.ts";
export type { AuthClient } from "./auth.ts";
export type {
  NotificationsClient,
  ReplayRequest,
  WebhookEndpointRequest,
  WebhooksClient,
} from "./outgoing.ts";
export type { ClientOptions } from "./client-options.ts";
export * from "./create-client.ts";
export { createClientInParts, loadCalls } from "./client-in-parts.ts";
export * from "./backend.ts";
export type { AdvanceRequest, DemoClient } from "./demo.ts";
export { ProblemError } from "./problem-error.ts";
export { renewingToken } from "./renewing-token.ts";
export type { RetryOptions } from "./retry.ts";
export type { CsvFile } from "./requester.ts";
export type { EventSourceLike, StreamListener, StreamTopic } from "./stream.ts";
export {
  UnsettledError,
  type HoldCalls,
  type HoldWork,
  type OpenHold,
  type Unsettled,
  type WithHoldRequest,
} from "./with-hold.ts";
