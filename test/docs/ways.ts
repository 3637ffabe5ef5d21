/*
 * What becomes of each block of each guide, in the order of the guide. A block that is not here, or stands elsewhere,
 * fails; so a command or an answer that nobody runs is a decision with a reason beside it.
 */

export type Way =
  /** Types it into the guide's shell, in order, beside the product that runs. No answer in it may be a refusal. */
  | "shell"
  /** The shell, and the exit code that the guide speaks of. */
  | { readonly exits: number }
  /** The shell starts it and goes on when this address answers. */
  | { readonly serves: string }
  /** The product that runs was started by it. */
  | "start"
  /** What the last request of the shell answers, or a part of it. */
  | "answer"
  /** What the last line of the shell prints; figures and dates are of its day. */
  | "output"
  /** A file that the shell finds under this name. */
  | { readonly file: string }
  /** A program in TypeScript: it compiles, runs and prints this. */
  | { readonly prints: readonly string[] }
  /** TypeScript that compiles. */
  | "compiles"
  /** Settings: each is in docs/settings.md, and together they are taken. */
  | "settings"
  /** A part of the catalogue, which the shell of this guide then uses. */
  | "catalogue"
  /** The events that Stripe is asked for, one a line. */
  | "events"
  /** Prometheus' file: it parses and asks for our route. */
  | "prometheus"
  /** Variables of the page that exist. */
  | "theme"
  /** A message that the schema of its type takes. */
  | "message"
  /** Another test runs it; `holds` is found in that test. */
  | { readonly by: string; readonly holds: string }
  | { readonly notRun: string };

/** How the block begins, and what becomes of it. */
type Row = readonly [begins: string, way: Way];

const TESTS_IN_A_TEST = "it runs tests, and is itself run by one; that its names exist is checked";

const readmeOfEmulator = {
  by: "packages/stripe-emulator/src/readme.test.ts",
  holds: "the README's examples run in order",
};
const readmeOfClient = { by: "test/api/client.test.ts", holds: "does what its README says" };

/** In this order: what a guide does to the demo is there for the next. */
export const WAYS: Readonly<Record<string, readonly Row[]>> = {
  "docs/getting-started.md": [
    ["npm start", "start"],
    ["KEY=", "shell"],
    ["curl http://127.0.0.1:4242/api/accounts ", "shell"],
    ["curl http://127.0.0.1:4242/api/events ", "shell"],
    ['{ "accepted": 1', "answer"],
    ["curl http://127.0.0.1:4242/api/check ", "shell"],
    ['{ "allowed": false', "answer"],
    ["curl http://127.0.0.1:4242/api/events ", "shell"],
    ['{ "status": 402', "answer"],
    ["import { createBackend }", { file: "hold.ts" }],
    ["BURSAR_URL=", "shell"],
    ["Hello.", "output"],
  ],
  "README.md": [
    ["npm start", "start"],
    ["npm test", { notRun: TESTS_IN_A_TEST }],
    ["KEY=", "shell"],
    ["flowchart LR", { notRun: "a drawing" }],
  ],
  "CONTRIBUTING.md": [
    ["npm start ", { notRun: "the two commands of README.md, side by side" }],
    ["npm test -- --only", { notRun: TESTS_IN_A_TEST }],
  ],
  "docs/audit.md": [["curl https://billing.example.com/api/audit", "shell"]],
  "docs/benchmarks.md": [["npm run bench", { notRun: "it takes minutes and wants a quiet machine" }]],
  "docs/catalogue.md": [
    ["npx bursar catalog diff", { exits: 1 }],
    ["Team by the month:", "output"],
    ["2 accounts are on the plan", { by: "test/api/catalogue.test.ts", holds: "C3 removed from the file" }],
    ["curl -X PATCH", "shell"],
    ["curl -X PATCH", "shell"],
    ["  meters: {", { by: "packages/core/src/catalog/group-by.test.ts", holds: "as the guide writes it" }],
    ["curl https://billing.example.com/api/events", "shell"],
    ['curl "https://billing.example.com/api/billing/usage/daily', "shell"],
    ['{ "groups"', "answer"],
    ["page: {", "catalogue"],
  ],
  "docs/importing-events.md": [
    ["id,account,meter", { file: "events.csv" }],
    ["npx bursar events import events.csv", { exits: 1 }],
    ["2 recorded", "output"],
  ],
  "docs/credits.md": [
    ["curl http://127.0.0.1:4242/api/billing/credits/purchase", "shell"],
    ["curl -X PUT http://127.0.0.1:4242/api/billing/credits/auto-recharge", "shell"],
    ["curl http://127.0.0.1:4242/api/accounts/acme/adjustments", "shell"],
  ],
  "docs/time-travel.md": [
    ["npx bursar clock advance", "shell"],
    ["It is 2026-12-30", "output"],
  ],
  "docs/webhooks.md": [
    ["curl https://billing.example.com/api/webhook-endpoints", "shell"],
    ["{", "message"],
    ["import { createServer }", "compiles"],
  ],
  "docs/embedding.md": [
    ["import react", "compiles"],
    ["import { createBackend }", { prints: ["bst_ true"] }],
    ["import { renewingToken", "compiles"],
    ["@layer studio", "theme"],
  ],
  "docs/docker.md": [
    ["cat > .env", { notRun: "it needs Docker; test/house/docker.test.ts reads both files" }],
  ],
  "docs/going-to-production.md": [
    ["npm ci", { notRun: "it installs and builds the clone that the test runs in; npm test does both" }],
    ["createuser", { notRun: "those programs of PostgreSQL are not among the packages that the tests have" }],
    ["charge.dispute.closed", "events"],
    ["DATABASE_URL=", { file: "bursar.env" }],
    ["set -a", "shell"],
    ["cp bursar.config.ts", "shell"],
    ["npx bursar serve", { serves: "http://127.0.0.1:4242/readyz" }],
    ["[Unit]", { notRun: "it needs systemd; that its command and folder exist is checked" }],
    ["billing.example.com {", { notRun: "it needs Caddy and a name" }],
    ["location / {", { notRun: "it needs nginx and a certificate" }],
    ["npx bursar doctor", "shell"],
    ["npx bursar keys", "shell"],
    ["npx bursar reconcile", "shell"],
    ["NODE_OPTIONS", { notRun: "the same command with two limits of Node" }],
  ],
  "docs/mail.md": [["BURSAR_SMTP_URL=", "settings"]],
  "docs/metrics.md": [["scrape_configs:", "prometheus"]],
  "examples/chat/README.md": [["npm start", { serves: "http://127.0.0.1:5200" }]],
  "examples/embedded/README.md": [["npm start", { serves: "http://127.0.0.1:5100" }]],
  "packages/client/README.md": [
    ["import { createBackend }", readmeOfClient],
    ["import { createBackend }", readmeOfClient],
    ["import { createBackend }", readmeOfClient],
    ["import { createBackend }", readmeOfClient],
    ["import { createClient", readmeOfClient],
  ],
  "packages/react/README.md": [["import { createClient }", "compiles"]],
  "packages/stripe-emulator/README.md": [
    ["npx @bursar/stripe-emulator", { serves: "http://127.0.0.1:12111/_emulator" }],
    ["import Stripe", readmeOfEmulator],
    ["const ada", readmeOfEmulator],
    ["import { startStripeEmulator }", readmeOfEmulator],
    ["const { host", readmeOfEmulator],
    ["curl http://127.0.0.1:12111/_emulator/faults", "shell"],
    [
      "curl http://127.0.0.1:12111/_emulator/disputes",
      {
        by: "packages/stripe-emulator/src/resources/payments/disputes.test.ts",
        holds: "/_emulator/disputes",
      },
    ],
    ["STRIPE_SECRET_KEY=sk_test_", { notRun: "it needs a Stripe account" }],
  ],
};
