import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { failureOf } from "../book/failure.ts";
import { isUnstorableText } from "../db/open-database.ts";
import { StripeUnavailableError } from "../stripe/gateway.ts";
import { limitBody, requireJson } from "./body.ts";
import type { App } from "./app-type.ts";
import { callerMiddleware, type AppContext, type Variables } from "./caller.ts";
import { docsRoutes } from "./docs-routes.ts";
import { headersOfAll } from "./headers.ts";
import { idempotencyMiddleware } from "./idempotency.ts";
import { metricsRoute } from "./metrics-route.ts";
import { pageRoutes } from "./page.ts";
import { plainStyleRoute } from "./plain-page.ts";
import { ProblemError, problemResponse } from "./problem.ts";
import { limitRate } from "./rate-limit.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { authAccountRoutes } from "./routes/auth-account.ts";
import { authRoutes } from "./routes/auth.ts";
import { adjustmentRoutes } from "./routes/adjustments.ts";
import { auditRoutes } from "./routes/audit.ts";
import { backfillRoutes } from "./routes/backfill.ts";
import { billingRoutes } from "./routes/billing.ts";
import { autoRechargeRoutes } from "./routes/auto-recharge.ts";
import { creditPurchaseRoutes } from "./routes/credit-purchases.ts";
import { creditsRoutes } from "./routes/credits.ts";
import { demoMailRoutes } from "./routes/demo-mail.ts";
import { demoRoutes } from "./routes/demo.ts";
import { eventsRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { holdRoutes } from "./routes/holds.ts";
import { hostSignInRoutes } from "./routes/host-sign-in.ts";
import { invoiceRoutes } from "./routes/invoices.ts";
import { keyRoutes } from "./routes/keys.ts";
import { mailLinkRoutes } from "./routes/mail-links.ts";
import { acceptInvitationRoute, memberRoutes } from "./routes/members.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { planChangeRoutes } from "./routes/plan-changes.ts";
import { withdrawalRoutes } from "./routes/withdrawals.ts";
import { reconciliationRoutes } from "./routes/reconciliation.ts";
import { signInRoute } from "./routes/sign-in.ts";
import { streamRoute } from "./routes/stream.ts";
import { stripeWebhookRoute } from "./routes/stripe-webhook.ts";
import { transactionsRoutes } from "./routes/transactions.ts";
import { usageDailyRoutes } from "./routes/usage-daily.ts";
import { usageRoutes } from "./routes/usage.ts";
import { verificationRoutes } from "./routes/verification.ts";
import { webhookEndpointRoutes } from "./routes/webhook-endpoints.ts";
import type { Services } from "./services.ts";
import { routeOf, watchRequests } from "./watch-requests.ts";

/**
 * Pages of the product's own site call the billing API with a session token. Any site may try: without a token nothing
 * is answered, and a browser sends no cookie where every site is allowed.
 */
function embeddable(): MiddlewareHandler {
  return cors({
    origin: "*",
    allowMethods: ["GET", "POST", "PUT", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key"],
    exposeHeaders: ["Content-Disposition", "Retry-After", "Request-Id"],
    maxAge: PREFLIGHT_KEPT_SECONDS,
  });
}
/** The longest that browsers keep it. */
const PREFLIGHT_KEPT_SECONDS = 7_200;

/** All routes of the service. The order matters: what needs no caller comes before the one that asks who calls. */
export function createApp(services: Services, { pageFolder }: { pageFolder: string }): App {
  const app: App = new OpenAPIHono<{ Variables: Variables }>({
    defaultHook: (result) => {
      if (result.success) return;
      const errors = result.error.issues.map((issue) => ({
        path: issue.path.map(String).join("."),
        message: issue.message,
      }));
      const sentences = errors.map(({ path, message }) => `${path === "" ? "body" : path}: ${message}`);
      throw new ProblemError("invalid_request", `${sentences.join("; ")}.`, { errors });
    },
  });
  app.use(watchRequests(services));
  app.use(headersOfAll(services));
  app.use(limitBody());
  app.onError((error, c) => problemResponse(toProblem(error, c as AppContext, services), c.get("requestId")));
  app.notFound((c) =>
    problemResponse(
      new ProblemError("not_found", `There is nothing at ${c.req.method} ${readable(c.req.path)}.`),
      c.get("requestId"),
    ),
  );

  healthRoutes(app, services);
  metricsRoute(app, services);
  stripeWebhookRoute(app, services);
  signInRoute(app, services);
  hostSignInRoutes(app, services);
  authRoutes(app, services);
  acceptInvitationRoute(app, services);
  plainStyleRoute(app);
  mailLinkRoutes(app, services);
  if (services.travel !== undefined) demoMailRoutes(app, services);
  app.use("/api/openapi.json", compress());
  app.get("/api/openapi.json", (c) => c.json(openApiDocument(app)));
  docsRoutes(app, () => openApiDocument(app));
  pageRoutes(app, pageFolder, kindOf(services));

  app.use("/api/billing", embeddable());
  app.use("/api/billing/*", embeddable());
  // Outermost, so that what is kept for an idempotency key is the answer itself and not its packing.
  app.use("/api/billing/*", compressAnswers());
  app.use("/api/*", callerMiddleware(services));
  app.use("/api/*", limitRate(services));
  app.use("/api/*", requireJson());
  app.use("/api/*", idempotencyMiddleware(services));
  streamRoute(app, services);
  billingRoutes(app, services);
  planChangeRoutes(app, services);
  withdrawalRoutes(app, services);
  creditsRoutes(app, services);
  creditPurchaseRoutes(app, services);
  autoRechargeRoutes(app, services);
  transactionsRoutes(app, services);
  invoiceRoutes(app, services);
  usageRoutes(app, services);
  usageDailyRoutes(app, services);
  holdRoutes(app, services);
  eventsRoutes(app, services);
  backfillRoutes(app, services);
  accountRoutes(app, services);
  adjustmentRoutes(app, services);
  memberRoutes(app, services);
  authAccountRoutes(app, services);
  keyRoutes(app, services);
  auditRoutes(app, services);
  notificationRoutes(app, services);
  webhookEndpointRoutes(app, services);
  verificationRoutes(app, services);
  reconciliationRoutes(app, services);
  if (services.travel !== undefined) demoRoutes(app, services, services.travel);
  return app;
}

const kindOf = ({ gateway, travel }: Services) => ({
  isTestMode: gateway.isTestMode,
  isDemo: travel !== undefined,
});

/** As a person would write it, so that a secret in it is known for one. */
function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function openApiDocument(app: App) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Bursar",
      version: "0.1.0",
      description:
        "Billing of an AI product. Money is integer minor units, tokens are integers, times ISO 8601 UTC.",
    },
  });
}

/** The event stream is not packed: a packer holds back what must go out at once. */
function compressAnswers(): MiddlewareHandler {
  const pack = compress();
  return (c, next) => (c.req.path === "/api/billing/stream" ? next() : pack(c, next));
}

/** The one place where an error becomes a problem. What is not ours to explain is logged and called internal. */
function toProblem(error: Error, c: AppContext, { log }: Services): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException && error.status === 415) {
    return new ProblemError(
      "unsupported_media_type",
      "This call takes a JSON body. Send it with Content-Type: application/json. Nothing was changed.",
    );
  }
  if (error instanceof HTTPException && error.status === 400) {
    return new ProblemError("invalid_json", "The body is not JSON. Nothing was changed.");
  }
  if (isUnstorableText(error)) {
    return new ProblemError(
      "invalid_request",
      "A text of this request holds a zero byte, which cannot be stored. Send it without. Nothing was changed.",
    );
  }
  const at = { requestId: c.get("requestId"), route: routeOf(c), err: error };
  if (error instanceof StripeUnavailableError) {
    log.warn(at, "Stripe did not answer");
    return new ProblemError(
      "stripe_unavailable",
      "Stripe does not answer now. Nothing was charged; try again in a minute.",
    );
  }
  if (failureOf(error) !== "batch") {
    log.warn(at, "the database did not answer");
    return new ProblemError(
      "unavailable",
      "The database cannot be used now. Send the same request again: with the same ids or Idempotency-Key it counts once.",
    );
  }
  log.error(at, "a request failed");
  return new ProblemError(
    "internal",
    "Something went wrong on our side. Try again, and report the request id if it stays.",
  );
}
