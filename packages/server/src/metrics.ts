/**
 * What Prometheus is told. Names and meaning stand in docs/metrics.md, which a test holds to this file. Labels come from
 * closed lists (routes, operations, states): never an account, a person or an address.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  request(seen: { method: string; route: string; status: number; seconds: number }): void;
  batch(seen: { commands: readonly { type: string; outcome: string }[]; seconds: number }): void;
  stripeCall(seen: { operation: string; outcome: string; seconds: number }): void;
  webhookTry(outcome: "delivered" | "failed"): void;
  mail(outcome: "sent" | "failed"): void;
  drifts(mended: readonly { what: string; isAnnounced: boolean }[]): void;
  /** Adds numbers that are read when they are asked for. */
  onScrape(read: () => Promise<readonly Reading[]>): void;
  /** Prometheus' text format. */
  text(): Promise<string>;
}

/** A gauge at this moment; `labels` only where a gauge has several. */
export interface Reading {
  readonly name: GaugeName;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** From a tenth of a millisecond to ten seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const COMMANDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

const GAUGES = {
  bursar_book_queue: "Commands that wait for the account book.",
  bursar_event_streams: "Open event streams.",
  bursar_stripe_inbox_waiting: "Stripe's events that are stored and not handled.",
  bursar_stripe_inbox_lag_seconds: "Age of the oldest of them.",
  bursar_outbox_waiting: "Notices that are stored and not handled.",
  bursar_outbox_lag_seconds: "Age of the oldest of them.",
  bursar_webhook_deliveries_due: "Webhook messages that are to be sent, or sent again.",
  bursar_mails_due: "Mails that are to be sent, or sent again.",
  bursar_pack_charges_open: "Charges of packs that are under way, by reason and state.",
  bursar_plan_changes_open: "Changes of plans that are under way, by state.",
} as const;

type GaugeName = keyof typeof GAUGES;

/** @param options.hasProcess with the numbers of the process itself, which count once for a process */
export function createMetrics({ hasProcess }: { hasProcess: boolean }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (hasProcess) collectDefaultMetrics({ register: registry });
  const counters = countersIn(registers);
  const histograms = histogramsIn(registers);
  const readers: (() => Promise<readonly Reading[]>)[] = [];
  const gauges = Object.fromEntries(
    Object.entries(GAUGES).map(([name, help]) => [
      name,
      new Gauge({ name, help, registers, labelNames: LABELS_OF[name as GaugeName] ?? [] }),
    ]),
  ) as Record<GaugeName, Gauge>;

  return {
    request({ method, route, status, seconds }) {
      counters.requests.inc({ method, route, status: String(status) });
      histograms.requests.observe({ method, route }, seconds);
    },
    batch({ commands, seconds }) {
      histograms.batchCommands.observe(commands.length);
      histograms.batchSeconds.observe(seconds);
      const same = Map.groupBy(commands, ({ type, outcome }) => `${type} ${outcome}`);
      for (const all of same.values()) counters.commands.inc({ ...all[0] }, all.length);
    },
    stripeCall({ operation, outcome, seconds }) {
      counters.stripeCalls.inc({ operation, outcome });
      histograms.stripeCalls.observe({ operation }, seconds);
    },
    webhookTry: (outcome) => counters.webhookTries.inc({ outcome }),
    mail: (outcome) => counters.mails.inc({ outcome }),
    drifts(mended) {
      for (const { what, isAnnounced } of mended)
        counters.drifts.inc({ what, announced: String(isAnnounced) });
    },
    onScrape: (read) => void readers.push(read),
    async text() {
      // A state that is empty by now is not among the readings, and must not keep its last number.
      for (const name of Object.keys(LABELS_OF)) gauges[name as GaugeName].reset();
      const readings = (await Promise.all(readers.map((read) => read()))).flat();
      for (const { name, labels = {}, value } of readings) gauges[name].set(labels, value);
      return registry.metrics();
    },
  };
}

const LABELS_OF: Readonly<Partial<Record<GaugeName, string[]>>> = {
  bursar_pack_charges_open: ["reason", "state"],
  bursar_plan_changes_open: ["state"],
};

function countersIn(registers: Registry[]) {
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    requests: counter("bursar_http_requests_total", "Requests answered since the start.", [
      "method",
      "route",
      "status",
    ]),
    commands: counter("bursar_book_commands_total", "Commands that the account book has decided.", [
      "type",
      "outcome",
    ]),
    stripeCalls: counter("bursar_stripe_calls_total", "Work asked of Stripe, by what came of it.", [
      "operation",
      "outcome",
    ]),
    webhookTries: counter("bursar_webhook_tries_total", "Webhook messages sent, retries counted.", [
      "outcome",
    ]),
    mails: counter("bursar_mails_total", "Mails handed to the mail server, retries counted.", ["outcome"]),
    drifts: counter(
      "bursar_drifts_mended_total",
      "What our copy had otherwise than Stripe, and has no more.",
      ["what", "announced"],
    ),
  };
}

function histogramsIn(registers: Registry[]) {
  const histogram = (name: string, help: string, labelNames: string[] = [], buckets: number[] = SECONDS) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  return {
    requests: histogram("bursar_http_request_seconds", "Time until an answer began.", ["method", "route"]),
    batchCommands: histogram("bursar_book_batch_commands", "Commands in one transaction.", [], COMMANDS),
    batchSeconds: histogram("bursar_book_batch_seconds", "Time of one transaction of the account book."),
    stripeCalls: histogram("bursar_stripe_call_seconds", "Time of work at Stripe.", ["operation"]),
  };
}
