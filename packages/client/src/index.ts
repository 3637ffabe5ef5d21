export type * from "./types.ts";
export * from "./create-client.ts";
export type { AdvanceRequest, DemoClient } from "./demo.ts";
export { ProblemError } from "./problem-error.ts";
export type { EventSourceLike, StreamListener, StreamTopic } from "./stream.ts";
