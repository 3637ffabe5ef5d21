import { describe, expect, it } from "vitest";
import { readSettings, SettingsError } from "./settings.ts";

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
    ["STRIPE_SECRET_KEY", "sk_test_1"],
  ])("%s=%s is refused and named", (name, value) => {
    const read = () => readSettings({ [name]: value }, "/srv");
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(name);
  });
});
