/* Mails by a real SMTP server, their links, and what people choose. */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listMembers } from "../../packages/server/src/accounts/store.ts";
import { createSmtpMailer } from "../../packages/server/src/mail/smtp.ts";
import { callerOf, databases, startService, type RunningService, type TestAccount } from "../api/service.ts";
import { newCustomer } from "../api/customer.ts";
import { expectProblem } from "../api/problem.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

interface Mail {
  readonly to: string[];
  /** As it was sent, with lines that belong together put together. */
  readonly raw: string;
}

describe("mail", () => {
  let running: RunningService;
  let smtp: SMTPServer;
  let mails: Mail[] = [];
  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo: ({ address }, _session, done) =>
        done(
          address.startsWith("gone") ? Object.assign(new Error("no such user"), { responseCode: 550 }) : null,
        ),
      onData(stream, { envelope }, done) {
        let raw = "";
        stream.on("data", (chunk: Buffer) => (raw += chunk.toString()));
        stream.on("end", () => {
          const to = envelope.rcptTo.map(({ address }) => address);
          mails.push({ to, raw: raw.replaceAll(/=\r\n|\r\n(?= )/g, "").replaceAll("=3D", "=") });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
    const { port } = smtp.server.address() as AddressInfo;
    const mailer = createSmtpMailer({
      url: `smtp://127.0.0.1:${port}`,
      from: "Bursar <billing@bursar.test>",
    });
    running = await startService(open, { jobsByHand: true, outgoing: { mailer } });
  });
  afterAll(async () => {
    await running.stop();
    await new Promise<void>((resolve) => void smtp.close(resolve));
  });
  beforeEach(() => {
    mails = [];
  });

  let lastEvent = 0;
  const reach80 = (account: TestAccount, meter: string, quantity: number) =>
    account.call("POST", "/api/events", { id: `e${(lastEvent += 1)}`, meter, quantity });

  /** Speaks as this member of the account, signed in at the page. */
  async function signedIn(account: TestAccount, email: string) {
    const members = await listMembers(running.database.kysely, account.accountId);
    const member = members.find((each) => each.email === email)!;
    const secret = await running.issue("dashboard_session", account.accountId, member.role, member.memberId);
    return callerOf(running.url, { cookie: `bursar_session=${secret}`, origin: running.url });
  }

  it("U5 an alert is mailed once, and its link stops that kind for that person alone", async () => {
    const account = await running.newAccount();
    await reach80(account, "sessions", 16);
    await running.service.runDue();
    await running.service.runDue();
    expect(mails).toHaveLength(1);
    const { to, raw } = mails[0]!;
    expect(to).toEqual(["ann@acme.test"]);
    expect(raw).toContain("From: Bursar <billing@bursar.test>");
    expect(raw).toContain("Subject: Acme: Sessions at 80 % of the limit");
    expect(raw).toContain("Acme has used 16 of 20 Sessions.");
    expect(raw).toContain("See usage: https://billing.acme.test/settings/billing");
    expect(raw).toMatch(/Message-ID: <ntc_\w+\.\w{12}@billing\.acme\.test>/);
    expect(raw).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    const link = /List-Unsubscribe:\s+<https:\/\/billing\.acme\.test(\/unsubscribe\?token=[\w-]+)>/.exec(
      raw,
    )?.[1];
    const page = await running.call<string>("GET", link!);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining("Stop these mails")]);
    const look = /<link rel="stylesheet" href="([^"]+)">/.exec(page.body)?.[1];
    expect((await fetch(running.url + look!)).headers.get("content-type")).toMatch(/^text\/css/);

    // Looking stops nothing: mail scanners follow links.
    await reach80(account, "events", 800);
    await running.service.runDue();
    expect(mails).toHaveLength(2);
    const stopped = await fetch(running.url + link!, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    expect(stopped.status).toBe(200);
    await reach80(account, "enrichments", 8);
    await running.service.runDue();
    expect(mails).toHaveLength(2);
    const ann = await signedIn(account, "ann@acme.test");
    const chosen = await ann<{ data: { category: string; mail: boolean }[] }>("GET", "/api/notifications");
    expect(chosen.body.data.filter(({ mail }) => !mail).map(({ category }) => category)).toEqual(["usage"]);
  });

  it("people choose by kind and meter; an owner always hears of money and security", async () => {
    const account = await running.newAccount();
    const ann = await signedIn(account, "ann@acme.test");
    const refusal = await ann("PUT", "/api/notifications", { mail: { payments: false } });
    expectProblem(refusal, 400, "invalid_request");
    const unknown = await ann("PUT", "/api/notifications", { meters: { moons: false } });
    expectProblem(unknown, 400, "invalid_request");
    const quiet = await ann<{ meters: unknown[]; data: unknown[] }>("PUT", "/api/notifications", {
      meters: { sessions: false },
    });
    expect(quiet.body.meters).toContainEqual({ meter: "sessions", name: "Sessions", mail: false });
    expect(quiet.body.data).toContainEqual(
      expect.objectContaining({ category: "payments", mail: true, required: true }),
    );
    await reach80(account, "sessions", 16);
    await reach80(account, "events", 800);
    await running.service.runDue();
    expect(mails.map(({ raw }) => /Subject: (.*)\r/.exec(raw)?.[1])).toEqual([
      "Acme: Events at 80 % of the limit",
    ]);
    expectProblem(await account.call("GET", "/api/notifications"), 403, "forbidden");
  });

  it("says where mails go, what was mailed, and sends a test, once a minute", async () => {
    const account = await running.newAccount();
    const ann = await signedIn(account, "ann@acme.test");
    const chosen = await ann<{ email: string; sending: string }>("GET", "/api/notifications");
    expect(chosen.body).toMatchObject({ email: "ann@acme.test", sending: "smtp" });
    for (const meter of ["sessions", "enrichments"]) {
      await reach80(account, meter, meter === "sessions" ? 16 : 8);
      await running.service.runDue();
    }
    interface Page {
      data: { subject: string; to: string; state: string; sentAt: string | null; error: string | null }[];
      nextCursor: string | null;
    }
    const first = (await ann<Page>("GET", "/api/notifications/mails?limit=1")).body;
    const second = (await ann<Page>("GET", `/api/notifications/mails?limit=1&cursor=${first.nextCursor}`))
      .body;
    expect([...first.data, ...second.data]).toMatchObject([
      { subject: "Acme: Enrichments at 80 % of the limit", to: "ann@acme.test", state: "sent", error: null },
      { subject: "Acme: Sessions at 80 % of the limit", state: "sent" },
    ]);
    expect(second.nextCursor).toBeNull();
    expectProblem(await ann("GET", "/api/notifications/mails?cursor=x"), 400, "invalid_request");

    mails = [];
    const tested = await ann("POST", "/api/notifications/test");
    expect(tested.body).toEqual({ sent: true, to: "ann@acme.test", error: null });
    expect(mails[0]?.raw).toContain("Subject: Acme: test mail");
    const again = await ann("POST", "/api/notifications/test");
    expectProblem(again, 429, "rate_limited");
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(mails).toHaveLength(1);
  });

  it("B2 a person is told of their own mails alone, and a key has none", async () => {
    const [mine, theirs] = [await running.newAccount(), await running.newAccount()];
    await reach80(theirs, "sessions", 16);
    await running.service.runDue();
    const ann = await signedIn(mine, "ann@acme.test");
    const { body } = await ann<{ data: unknown[] }>("GET", "/api/notifications/mails");
    expect(body.data).toEqual([]);
    expectProblem(await mine.call("GET", "/api/notifications/mails"), 403, "forbidden");
    expectProblem(await mine.call("POST", "/api/notifications/test"), 403, "forbidden");
  });

  it("S4 an invitation is mailed to whom it is for, its secret is nowhere in the clear, and the link accepts it", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    await running.service.runDue();
    mails = [];
    const invited = await account.call<{ data: { token: string }[] }>("POST", "/api/members", {
      invitations: [{ email: "Bo@acme.test", role: "admin" }],
    });
    await running.service.runDue();
    expect(mails.map(({ to }) => to)).toEqual([["bo@acme.test"]]);
    const { raw } = mails[0]!;
    expect(raw).toContain("Subject: You are invited to Acme");
    const token = /\/invitation\?token=(bsi_[\w-]+)/.exec(raw)?.[1];
    expect(token).not.toBe(invited.body.data[0]?.token);
    const joining = { token, name: "Bo <b>Berg</b>", password: "a harbour in the fog" };
    const accept = () => running.call("POST", "/api/auth/accept-invitation", joining);
    const accepted = await accept();
    expect([accepted.status, accepted.body]).toEqual([
      200,
      { status: "signed_in", account: { name: "Acme" } },
    ]);
    const cookie = accepted.headers.get("set-cookie")!.split(";")[0]!;
    const bo = callerOf(running.url, { cookie });
    const seen = await bo<{ viewer: unknown; seats: unknown }>("GET", "/api/billing");
    expect(seen.body).toMatchObject({
      viewer: { name: "Bo <b>Berg</b>", email: "Bo@acme.test", role: "admin" },
      seats: { purchased: 3, used: 2 },
    });
    // Nobody is signed in by the mail a second time.
    const second = await accept();
    expect([second.body, second.headers.get("set-cookie")]).toEqual([
      { status: "accepted", account: { name: "Acme" } },
      null,
    ]);
    const members = await listMembers(running.database.kysely, account.accountId);
    expect(members.map(({ email, role }) => [email, role])).toContainEqual(["Bo@acme.test", "admin"]);
    // The secret that was told to whoever invited says the same from now on.
    const again = await running.call("POST", "/api/invitations/accept", {
      token: invited.body.data[0]?.token,
      name: "Bo",
    });
    expect(again.status).toBe(200);
  });

  it("S4 whoever was told the secret makes the member with it, and is not signed in as them", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    const invited = await account.call<{ data: { token: string }[] }>("POST", "/api/members", {
      invitations: [{ email: "di@acme.test", role: "member" }],
    });
    const { token } = invited.body.data[0]!;
    const joining = { token, name: "Di", password: "of whoever invited" };
    const answer = await running.call("POST", "/api/auth/accept-invitation", joining);
    expect(answer.body).toMatchObject({ status: "accepted" });
    expect(answer.headers.get("set-cookie")).toBeNull();
    const wrong = { email: "di@acme.test", password: "of whoever invited" };
    expectProblem(await running.call("POST", "/api/auth/sign-in", wrong), 401, "unauthenticated");
  });

  it("S4 a withdrawn invitation is not mailed any more", async () => {
    const account = await newCustomer(running, { planId: "team", seats: 3 });
    await running.service.runDue();
    mails = [];
    const invited = await account.call<{ data: { id: string }[] }>("POST", "/api/members", {
      invitations: [{ email: "cy@acme.test", role: "member" }],
    });
    await account.call("DELETE", `/api/members/${invited.body.data[0]?.id}`);
    await running.service.runDue();
    expect(mails).toEqual([]);
  });

  it("words of a customer cannot break out of a mail", async () => {
    const account = await running.newAccount({ name: `<img src=x>\r\nBcc: eve@evil.test` });
    await reach80(account, "sessions", 16);
    await running.service.runDue();
    expect(mails.map(({ to }) => to)).toEqual([["ann@acme.test"]]);
    const [head, body] = mails[0]!.raw.split("\r\n\r\n");
    expect(head).not.toMatch(/^Bcc:/m);
    expect(head).toContain("Subject: <img src=x> Bcc: eve@evil.test: Sessions at 80 % of the limit");
    expect(body).not.toMatch(/^Bcc:/m);
    expect(mails[0]?.raw).toContain("&lt;img src=x&gt;");
  });
});
