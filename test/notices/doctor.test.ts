/* What bursar doctor finds out about mail and webhook endpoints, by really connecting. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineEndpoints, examineMail } from "../../packages/server/src/cli/doctor-outgoing.ts";
import type { Database } from "../../packages/server/src/db/open-database.ts";
import { PLATFORM_SCOPE } from "../../packages/server/src/webhooks/address.ts";
import { insertEndpoint } from "../../packages/server/src/webhooks/store.ts";
import { freePort } from "../support/free-port.ts";
import { openMigratedEmbedded } from "../support/migrated.ts";

let database: Database;
beforeAll(async () => {
  database = await openMigratedEmbedded();
});
afterAll(() => database.close());

const PASSWORD = "let-me-in-please";

describe("doctor and mail", () => {
  let smtp: SMTPServer;
  let port: number;
  const received: string[] = [];
  beforeAll(async () => {
    smtp = new SMTPServer({
      disabledCommands: ["STARTTLS"],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === PASSWORD ? done(null, { user: username }) : done(new Error("535 no")),
      onData(stream, { envelope }, done) {
        received.push(...envelope.rcptTo.map(({ address }) => address));
        stream.resume().on("end", () => done());
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
    port = (smtp.server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise<void>((resolve) => smtp.close(() => resolve())));

  const asking = (authority: string, mailTo?: string) =>
    examineMail(
      { mail: { smtpUrl: `smtp://${authority}`, from: "billing@bursar.test" } },
      { mailTo, isNeeded: false },
    );

  it("CA4 without mail is a fault where withdrawal is offered, because nothing could acknowledge it", async () => {
    const without = (isNeeded: boolean) => examineMail({ mail: undefined }, { mailTo: undefined, isNeeded });
    expect(await without(false)).toMatchObject({ state: "note" });
    expect(await without(true)).toMatchObject({
      state: "bad",
      what: expect.stringContaining("page.withdrawal") as string,
    });
  });

  it("says that the server lets us in, and sends a mail only where it is told to", async () => {
    expect(await asking(`bursar:${PASSWORD}@127.0.0.1:${port}`)).toMatchObject({ state: "ok" });
    expect(received).toEqual([]);
    const sent = await asking(`bursar:${PASSWORD}@127.0.0.1:${port}`, "ann@acme.test");
    expect(sent).toMatchObject({
      state: "ok",
      what: expect.stringContaining("took a mail to ann@acme.test") as string,
    });
    expect(received).toEqual(["ann@acme.test"]);
  });

  it("says how to mend a refused sign-in and a server that is not there, without the password", async () => {
    const refused = await asking(`bursar:wrong-${PASSWORD}@127.0.0.1:${port}`);
    expect(refused.state).toBe("bad");
    expect(refused.mend).toContain("Check user and password in BURSAR_SMTP_URL");
    expect(JSON.stringify(refused)).not.toContain(PASSWORD);
    const away = await asking(`bursar:${PASSWORD}@127.0.0.1:${await freePort()}`);
    expect(away.mend).toContain("Check host and port of BURSAR_SMTP_URL");
    expect(JSON.stringify(away)).not.toContain(PASSWORD);
    expect(await examineMail({ mail: undefined }, { mailTo: undefined, isNeeded: false })).toMatchObject({
      state: "note",
    });
    expect(
      await examineMail({ mail: undefined }, { mailTo: "ann@acme.test", isNeeded: false }),
    ).toMatchObject({ state: "bad" });
  });
});

it("doctor asks the installation's own endpoints whether anybody is there, and only counts those of accounts", async () => {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const add = (scope: string, endpointId: string, url: string) =>
      database.kysely.transaction().execute((db) => {
        const row = {
          scope,
          endpointId,
          url,
          description: "",
          eventTypes: null,
          secret: "whsec_1",
          createdAt: 0,
        };
        return insertEndpoint(db, row, { max: 9 });
      });
    await add(PLATFORM_SCOPE, "whe_1", `${here}/ours`);
    await add(PLATFORM_SCOPE, "whe_2", `http://127.0.0.1:${await freePort()}/away`);
    await add("acc_1", "whe_3", `${here}/theirs`);
    const findings = await examineEndpoints(database);
    expect(findings.map(({ state }) => state).sort()).toEqual(["bad", "ok"]);
    expect(findings.find(({ state }) => state === "bad")!.what).toMatch(
      /\/away cannot be reached from here: .*ECONNREFUSED/,
    );
    expect(asked).toEqual(["HEAD /ours"]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
