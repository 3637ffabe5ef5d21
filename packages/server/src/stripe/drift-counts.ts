import type { MendedDrift } from "./sync-customer.ts";

/** Drifts that this process mended since it started, for whoever watches it. */
export class DriftCounts {
  readonly #counts = new Map<string, number>();

  add(drifts: readonly MendedDrift[]): void {
    for (const { what, isAnnounced } of drifts) {
      const labels = `what="${what}",announced="${isAnnounced}"`;
      this.#counts.set(labels, (this.#counts.get(labels) ?? 0) + 1);
    }
  }

  /** In Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats). */
  text(): string {
    const lines = [...this.#counts].map(
      ([labels, count]) => `bursar_drifts_mended_total{${labels}} ${count}`,
    );
    return [
      "# HELP bursar_drifts_mended_total What our copy had otherwise than Stripe, and has no more.",
      "# TYPE bursar_drifts_mended_total counter",
      ...lines,
      "",
    ].join("\n");
  }
}
