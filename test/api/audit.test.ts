/*
 * The audit log: every change of money, plan, role and key says who, when, and from what to what. That every writing
 * operation leaves its row, or has a reason not to, is the matrix's; here is what the rows say.
 */
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AUDIT_ACTIONS } from "../../packages/server/src/audit/actions.ts";
import { newCustomer, stripeOf, type Customer } from "./customer.ts";
import { databases, startService, type RunningService } from "./service.ts";

interface Entry {
  id: string;
  action: string;
  actor: { kind: string; id: string; name: string | null };
  subject: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  requestId: string | null;
}
interface Page {
  data: Entry[];
  nextCursor: string | null;
}

it("docs/audit.md has every action with its sentence, and no other", () => {
  const text = readFileSync(new URL("../../docs/audit.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `([\w.]+)`\s*\| (.*?)\s*\|$/gm)];
  expect(Object.fromEntries(rows.map(([, action, about]) => [action, about]))).toEqual(AUDIT_ACTIONS);
});

describe.each(databases)("the audit log on $name", ({ open }) => {
  let running: RunningService;
  beforeAll(async () => {
    running = await startService(open);
  });
  afterAll(() => running.stop());

  it("nothing in it can be changed or removed by the service", async () => {
    const { kysely } = running.database;
    const statements = ["update audit_log set actor = 'x'", "delete from audit_log", "truncate audit_log"];
    for (const statement of statements) {
      await expect(sql.raw(statement).execute(kysely)).rejects.toThrow("permission denied");
    }
  });

  async function logOf({ call }: Pick<Customer, "call">, query = ""): Promise<Entry[]> {
    return (await call<Page>("GET", `/api/audit?limit=100${query}`)).body.data;
  }

  it("tells a customer's whole story: who asked, what became of it, and what Stripe showed", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 3 });
    const { members } = await customer.overview();
    const owner = members.find(({ role }) => role === "owner")!;
    const secret = await running.issue("dashboard_session", customer.accountId, "owner", owner.id);
    const asOwner = { authorization: "", cookie: `bursar_session=${secret}`, origin: running.url };
    const person = { kind: "member", id: owner.id, name: owner.name };

    const cut = await customer.call("POST", "/api/billing/change", { seats: 2 }, asOwner);
    expect(cut.status).toBe(200);
    expect((await customer.call("DELETE", "/api/billing/pending-change", undefined, asOwner)).status).toBe(
      204,
    );
    const opened = await logOf(customer, "&action=plan_change.opened");
    const requestId = cut.headers.get("request-id");
    expect(opened).toMatchObject([
      { actor: person, before: { seats: 3, pending: { target: { seats: 2 } } }, after: { kind: "keep" } },
      {
        actor: person,
        requestId,
        before: { seats: 3, pending: null },
        after: { kind: "downgrade", amountDue: 0 },
      },
    ]);
    expect(opened[1]!.after).toHaveProperty("later.effectiveAt", expect.stringMatching(/^\d{4}-.*Z$/));
    const applied = await logOf(customer, `&subject=${opened[1]!.subject}`);
    expect(applied.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ["plan_change.applied", "bursar"],
      ["plan_change.opened", "member"],
    ]);
    expect(
      (await logOf(customer, "&action=subscription")).map(({ action, actor }) => [action, actor.kind]),
    ).toEqual([
      ["subscription.change_undone", "stripe"],
      ["subscription.change_scheduled", "stripe"],
      ["subscription.started", "stripe"],
    ]);
  });

  it("tells a declined upgrade, a bought pack, its refund and auto-recharge", async () => {
    const stripe = stripeOf(running);
    const customer = await newCustomer(running, { planId: "team", seats: 2 });
    const id = await customer.customerId();
    const bought = await customer.call("POST", "/api/billing/credits/purchase", { packId: "credits_1m" });
    expect(bought.status).toBe(200);
    const recharge = { enabled: true, packId: "credits_1m", threshold: 1_000, spendingLimit: 5_000 };
    expect((await customer.call("PUT", "/api/billing/credits/auto-recharge", recharge)).status).toBe(200);

    const { subject: paymentId } = (await logOf(customer, "&action=credits"))[0]!;
    await stripe.refunds.create({ payment_intent: paymentId! });
    await running.service.services.syncCustomer(id);
    const declines = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer: id });
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: declines.id } });
    expect((await customer.change({ seats: 5 })).status).toBe(402);

    const told = (await logOf(customer)).filter(({ action }) =>
      /^(plan_change|pack|auto|credits)/.test(action),
    );
    expect(told.reverse().map(({ action, actor: { kind } }) => `${action} ${kind}`)).toEqual([
      "pack_charge.opened platform_key",
      "credits.purchased stripe",
      "pack_charge.succeeded bursar",
      "auto_recharge.changed platform_key",
      "auto_recharge.paused bursar",
      "credits.refunded stripe",
      "plan_change.opened platform_key",
      "plan_change.given_up bursar",
    ]);
    expect(told[0]!.after).toMatchObject({ packId: "credits_1m", reason: "purchase", try: 1 });
    expect(told[3]).toMatchObject({ before: null, after: { isEnabled: true, limitCents: 5_000 } });
    expect(told[7]!.after!["failure"]).toContain("declined");
  });

  it("tells who joined by an invitation and what an operator arranged", async () => {
    const customer = await newCustomer(running, { planId: "team", seats: 3 });
    const invitations = [{ email: "bo@acme.test", role: "billing" }];
    const { body } = await customer.call<{ data: { id: string; token: string }[] }>("POST", "/api/members", {
      invitations,
    });
    const { id: invitationId, token } = body.data[0]!;
    await running.call("POST", "/api/invitations/accept", { token, name: "Bo" });
    const authorization = `Bearer ${running.platformKey}`;
    const path = `/api/accounts/${customer.accountId}`;
    await running.call("PATCH", path, { overrides: { limits: { events: 7 } } }, { authorization });

    const [override, joined, invited] = await logOf(customer);
    expect(override).toMatchObject({ before: {}, after: { limits: { events: 7 } } });
    expect(override!.actor).toMatchObject({ kind: "platform_key", name: null });
    expect(override!.actor.id).toMatch(/^key_/);
    const who = { kind: "member", id: joined!.subject, name: "Bo" };
    expect(joined).toMatchObject({ action: "member.joined", actor: who, before: { invitationId } });
    expect(invited).toMatchObject({
      subject: invitationId,
      after: { email: "bo@acme.test", role: "billing" },
    });
  });

  it("is read page by page, by part and as a file, and one account's only", async () => {
    const account = await running.newAccount();
    const other = await running.newAccount();
    for (const name of ["one", "two", "three"])
      await account.call("POST", "/api/keys", { name, role: "member" });
    const first = (await account.call<Page>("GET", "/api/audit?limit=2")).body;
    expect(first.data.map(({ after }) => after!["name"])).toEqual(["three", "two"]);
    const rest = (await account.call<Page>("GET", `/api/audit?limit=2&cursor=${first.nextCursor}`)).body;
    expect([rest.data.map(({ action }) => action), rest.nextCursor]).toEqual([
      ["key.created", "account.created"],
      null,
    ]);
    expect(await logOf(account, "&to=2020-01-01")).toEqual([]);
    expect(await logOf(account, "&actor=operator")).toHaveLength(1);
    expect(await logOf(account, "&action=key")).toHaveLength(3);
    expect((await logOf(other)).map(({ action }) => action)).toEqual(["account.created"]);
    expect((await other.call<Page>("GET", `/api/audit?cursor=${first.nextCursor}`)).body.data).toEqual([]);

    const file = await account.call<string>("GET", "/api/audit", undefined, { accept: "text/csv" });
    const lines = file.body.trimEnd().split("\r\n");
    expect(lines[0]).toBe("id,created_at,action,actor_kind,actor,actor_name,subject,before,after,request_id");
    expect([lines.length - 1, file.headers.get("bursar-row-count")]).toEqual([4, "4"]);
    expect(lines[1]).toContain('"{""hint"":""bak_...');
  });
});
