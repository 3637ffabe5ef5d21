import { describe, expect, it } from "vitest";
import { readServeSettings, readSettings, SettingsError } from "./settings.ts";

describe("settings", () => {
  it("all have a default", () => {
    expect(readSettings({}, "/srv/bursar")).toMatchObject({
      port: 4_242,
      databaseUrl: undefined,
      catalogPath: "/srv/bursar/bursar.config.ts",
      stripe: { apiBase: undefined, secretKey: undefined },
      logLevel: "warn",
      rawEventsKeptDays: 90,
    });
  });

  it("take what the environment says, and an empty value as none", () => {
    const env = { PORT: "0", BURSAR_DATA: "/data", DATABASE_URL: "", BURSAR_LOG: "info" };
    expect(readSettings(env, "/srv")).toMatchObject({
      port: 0,
      dataFolder: "/data",
      databaseUrl: undefined,
      logLevel: "info",
    });
  });

  it.each([
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", ""],
    ["BURSAR_LOG", "loud"],
    ["BURSAR_RAW_EVENTS_DAYS", "0"],
    ["BURSAR_RAW_EVENTS_DAYS", "90 days"],
    ["DATABASE_URL", "mysql://localhost/bursar"],
    ["STRIPE_API_BASE", "localhost"],
    ["STRIPE_API_BASE", "http://127.0.0.1:4243"],
    ["STRIPE_SECRET_KEY", "pk_test_1"],
    ["STRIPE_WEBHOOK_SECRET", "sk_test_1"],
    ["BURSAR_PUBLIC_URL", "billing.example.com"],
    ["BURSAR_RATE_SESSION", "0"],
    ["BURSAR_DRAIN_SECONDS", "-1"],
    ["BURSAR_DRAIN_SECONDS", "3 s"],
    ["BURSAR_PUBLIC_URL", "https://example.com/billing"],
    ["BURSAR_SMTP_URL", "mail.example.com"],
    ["BURSAR_SMTP_URL", "smtps://mail.example.com"],
    ["BURSAR_MAIL_FROM", "billing@example.com"],
    ["BURSAR_WEBHOOK_TARGETS", "everywhere"],
  ])("%s=%s is refused and named", (name, value) => {
    const read = () => readSettings({ [name]: value }, "/srv");
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(name);
  });

  it("of the service in production are all named when they are missing", () => {
    const read = (env: Record<string, string>) => () => readServeSettings(env, "/srv");
    expect(read({})).toThrow(/DATABASE_URL.*\n.*STRIPE_SECRET_KEY.*\n.*STRIPE_WEBHOOK_SECRET/);
    const two = { DATABASE_URL: "postgres://localhost/bursar", STRIPE_SECRET_KEY: "sk_test_1" };
    expect(read(two)).toThrow(/^bursar serve needs this setting:\n {2}STRIPE_WEBHOOK_SECRET/);
    const all = {
      ...two,
      STRIPE_WEBHOOK_SECRET: "whsec_1",
      BURSAR_PUBLIC_URL: "https://billing.example.com/",
    };
    expect(read(all)()).toMatchObject({ publicUrl: "https://billing.example.com", host: "127.0.0.1" });
  });
});
