/* Members and seats tied together (S4): who holds one, what happens when there are too few, and who may act. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  AcceptedInvitation,
  Invitation,
  MemberList,
  Problem,
  Role,
} from "../../packages/client/src/index.ts";
import { newCustomer, stripeOf, type Customer } from "./customer.ts";
import { payHostedPage } from "./hosted-page.ts";
import { startAt, type TimeTravel } from "./moved-clock.ts";
import { expectProblem } from "./problem.ts";
import { callerOf, databases, type Call, type TestAccount } from "./service.ts";

const { open } = databases.find(({ name }) => name === "PostgreSQL")!;

let time: TimeTravel;
beforeAll(async () => {
  time = await startAt(open, "2027-03-10T09:00:00Z");
});
afterAll(async () => {
  expect(await time.faults()).toEqual([]);
  await time.stop();
});

const NAMES = ["Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ida", "Jo", "Kim"];
const someone = (name: string, role: Role = "member") => {
  return { email: `${name.toLowerCase()}@acme.test`, name, role };
};

const invite = (by: { call: Call }, ...people: { email: string; name?: string; role: Role }[]) =>
  by.call<{ data: Invitation[] }>("POST", "/api/members", { invitations: people });
const membersOf = async ({ call }: { call: Call }) =>
  (await call<MemberList>("GET", "/api/members?limit=100")).body;
const accept = (token: string, name = "Somebody") =>
  time.call<AcceptedInvitation>("POST", "/api/invitations/accept", { token, name });

/** Invites and accepts. @returns the member's id */
async function join(account: { call: Call }, name: string, role: Role = "member"): Promise<string> {
  const { status, body } = await invite(account, someone(name, role));
  expect(status).toBe(200);
  const accepted = await accept(body.data[0]!.token, name);
  expect(accepted.status).toBe(200);
  return accepted.body.member.id;
}

/** How a person calls, signed in with a session of their own. */
async function signedIn(account: TestAccount, memberId: string, role: Role = "member"): Promise<Call> {
  const secret = await time.issue("session_token", account.accountId, role, memberId);
  return callerOf(time.url, { authorization: `Bearer ${secret}` });
}

async function invoicesAtStripe(customer: Customer): Promise<number> {
  const { data } = await stripeOf(time).invoices.list({ customer: await customer.customerId(), limit: 100 });
  return data.length;
}

describe("inviting people", () => {
  it("SE2 ten invitations past the seats bought make one review and one invoice", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const people = NAMES.map((name) => someone(name));
    const refused = expectProblem(await invite(customer, ...people), 409, "seats_in_use");
    expect(refused).toMatchObject({
      neededSeats: 11,
      purchasedSeats: 2,
      scheduledSeats: null,
      seats: [{ name: "Ann Lindt", email: "ann@acme.test", kind: "member" }],
    });
    expect(refused.detail).toContain("1 seat is in use: Ann Lindt.");
    expect(await invoicesAtStripe(customer)).toBe(1);
    expect((await customer.overview()).seats).toEqual({ purchased: 2, used: 1 });

    const { lines } = (await customer.preview({ seats: refused.neededSeats! })).dueToday;
    // W3: the lines as facts, for a page in another language.
    expect(lines.map(({ proration, planName, quantity }) => [proration, planName, quantity])).toEqual([
      [true, "Team", 2],
      [true, "Team", 11],
    ]);
    expect((await customer.change({ seats: refused.neededSeats! })).status).toBe(200);
    const { status, body } = await invite(customer, ...people);
    expect([status, body.data.map(({ email }) => email)]).toEqual([200, people.map(({ email }) => email)]);
    expect((await customer.overview()).seats).toEqual({ purchased: 11, used: 11 });
    expect(await invoicesAtStripe(customer)).toBe(2);
  });

  it("SE2 inviting past a scheduled cut offers to keep the seats first", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 4 });
    await join(customer, "Bo");
    expect((await customer.change({ seats: 3 })).body.status).toBe("scheduled");
    expect((await membersOf(customer)).seats).toMatchObject({ purchased: 4, scheduled: { seats: 3 } });
    const refused = expectProblem(await invite(customer, someone("Cy"), someone("Di")), 409, "seats_in_use");
    expect(refused).toMatchObject({ neededSeats: 4, purchasedSeats: 4, scheduledSeats: 3 });
    expect(refused.detail).toContain("from 2027-04-10 there will be 3");
    expect((await invite(customer, someone("Cy"))).status).toBe(200);

    const review = await customer.preview({ seats: refused.neededSeats! });
    expect(review).toMatchObject({ kind: "none", replaces: "pending_change", dueToday: { amountDue: 0 } });
    expect((await customer.change({ seats: refused.neededSeats! })).status).toBe(200);
    expect((await invite(customer, someone("Di"))).status).toBe(200);
    expect(await invoicesAtStripe(customer)).toBe(1);
  });

  it("S4 on Free there is one seat: a plan with seats comes first", async () => {
    const account = await time.newAccount();
    const refused = expectProblem(await invite(account, someone("Bo")), 409, "seats_in_use");
    expect(refused).toMatchObject({ neededSeats: 2, purchasedSeats: 1 });
    expect(refused.detail).toContain("Free has one seat: choose a plan with 2 seats first.");
    expect((await membersOf(account)).data).toHaveLength(1);
  });

  it("C1 on a plan that an operator arranged, its seats count and everybody is active", async () => {
    const account = await time.newAccount();
    const overrides = { plan: "enterprise", seats: 3 };
    const path = `/api/accounts/${account.accountId}`;
    expect((await account.call("PATCH", path, { overrides })).status).toBe(200);
    const bo = await join(account, "Bo", "admin");
    const call = await signedIn(account, bo, "admin");
    expect((await invite({ call }, someone("Cy"))).status).toBe(200);
    expectProblem(await invite({ call }, someone("Di")), 409, "seats_in_use");
    expect((await membersOf(account)).seats).toEqual({ purchased: 3, used: 3, scheduled: null });
    const fewer = await account.call("PATCH", path, { overrides: { seats: 2 } });
    expectProblem(fewer, 409, "seats_in_use");
  });

  it("S4 a cancelled plan keeps its seats until its end", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    await customer.call("POST", "/api/billing/cancel", {});
    expect((await membersOf(customer)).seats).toEqual({ purchased: 2, used: 1, scheduled: null });
    expect((await invite(customer, someone("Bo"))).status).toBe(200);
  });

  const unfit = [
    { name: "named twice", people: [someone("Cy"), { email: "CY@acme.test", role: "admin" as const }] },
    {
      name: "a member already",
      people: [someone("Cy"), { email: "Ann@acme.test", role: "member" as const }],
    },
    { name: "invited already", people: [someone("Cy"), someone("Bo")] },
  ];
  it.each(unfit)(
    "S4 SE2 with somebody who is $name nobody is invited, and it is said of whom",
    async ({ name, people }) => {
      const customer = await newCustomer(time, { planId: "team", seats: 6 });
      await invite(customer, someone("Bo"));
      const refused = expectProblem(await invite(customer, ...people), 409, "conflict");
      expect(refused.errors?.map(({ path }) => path)).toEqual(["invitations.1.email"]);
      expect(refused.errors?.map(({ message }) => message)).toEqual([`is ${name}`]);
      expect((await membersOf(customer)).seats.used).toBe(2);
    },
  );

  it.each([
    { name: "none", count: 0 },
    { name: "51", count: 51 },
  ])("$name at once is refused", async ({ count }) => {
    const people = Array.from({ length: count }, (_, index) => someone(`person${index}`));
    expectProblem(await invite(await time.newAccount(), ...people), 400, "invalid_request");
  });

  it("S4 an invitation gives its seat back after two weeks, and the person can be invited again", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [first] = (await invite(customer, someone("Bo"))).body.data;
    expectProblem(await invite(customer, someone("Cy")), 409, "seats_in_use");
    await time.travelTo(new Date(Date.parse(first!.expiresAt) - 1).toISOString(), { stepDays: 14 });
    expect((await membersOf(customer)).seats.used).toBe(2);
    await time.travelTo(first!.expiresAt);
    expect((await customer.overview()).seats.used).toBe(1);
    expectProblem(await accept(first!.token), 404, "not_found");
    expectProblem(await customer.call("DELETE", `/api/members/${first!.id}`), 404, "not_found");
    const [again] = (await invite(customer, someone("Bo"))).body.data;
    expectProblem(await accept(first!.token), 404, "not_found");
    expect((await accept(again!.token)).status).toBe(200);
  });
});

describe("accepting and removing", () => {
  it("S4 the invitation becomes its member in the same seat, once, and says so again to a second click", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [invited] = (await invite(customer, someone("Bo", "billing"))).body.data;
    const first = await accept(invited!.token, "Bo Berg");
    expect(first.body).toMatchObject({
      account: { id: customer.accountId, name: "Acme" },
      member: { name: "Bo Berg", email: "bo@acme.test", role: "billing", active: true },
    });
    expect((await accept(invited!.token, "Somebody else")).body).toEqual(first.body);
    const list = await membersOf(customer);
    expect(list.data.map(({ kind, name }) => [kind, name])).toEqual([
      ["member", "Ann Lindt"],
      ["member", "Bo Berg"],
    ]);
    expect(list.seats.used).toBe(2);
  });

  it("S4 who is removed frees the seat, is signed out, and does not come back by the old invitation", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [invited] = (await invite(customer, someone("Bo", "admin"))).body.data;
    const { id } = (await accept(invited!.token, "Bo")).body.member;
    const bo = await signedIn(customer, id, "admin");
    expect((await bo("GET", "/api/billing")).status).toBe(200);
    expect((await customer.call("DELETE", `/api/members/${id}`)).status).toBe(204);
    const refused = expectProblem(await bo("GET", "/api/billing"), 401, "unauthenticated");
    expect(refused, "section 13: not as who never signed in").toMatchObject({ reason: "session_ended" });
    expectProblem(await accept(invited!.token), 404, "not_found");
    expectProblem(await customer.call("DELETE", `/api/members/${id}`), 404, "not_found");
    expect((await invite(customer, someone("Cy"))).status).toBe(200);
  });

  it("S4 a withdrawn invitation opens nothing, and its seat is free", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [invited] = (await invite(customer, someone("Bo"))).body.data;
    expect((await customer.call("DELETE", `/api/members/${invited!.id}`)).status).toBe(204);
    expectProblem(await accept(invited!.token), 404, "not_found");
    expectProblem(await customer.call("DELETE", `/api/members/${invited!.id}`), 404, "not_found");
    expect((await invite(customer, someone("Bo"))).status).toBe(200);
  });

  it("B2 the last owner stays", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [ann] = (await membersOf(customer)).data;
    const refused = expectProblem(await customer.call("DELETE", `/api/members/${ann!.id}`), 409, "conflict");
    expect(refused.detail).toContain("Ann Lindt is the only owner");
    await join(customer, "Bo", "owner");
    expect((await customer.call("DELETE", `/api/members/${ann!.id}`)).status).toBe(204);
    expect((await membersOf(customer)).data.map(({ name }) => name)).toEqual(["Bo"]);
  });

  it("a door that is not for them tells strangers nothing", async () => {
    for (const token of ["bsi_unknown", time.platformKey, "\u0000"]) {
      expectProblem(await accept(token), 404, "not_found");
    }
  });
});

describe("roles and tenants", () => {
  const rights = [
    { role: "owner", invites: true, removesMember: true, makesOwner: true },
    { role: "admin", invites: true, removesMember: true, makesOwner: false },
    { role: "billing", invites: false, removesMember: false, makesOwner: false },
    { role: "member", invites: false, removesMember: false, makesOwner: false },
  ] as const;
  it.each(rights)("B2 $role: invites $invites, makes owners $makesOwner", async (row) => {
    const customer = await newCustomer(time, { planId: "team", seats: 9 });
    const call = await signedIn(customer, await join(customer, "Bo", row.role), row.role);
    const other = await join(customer, "Cy");
    const list = await membersOf({ call });
    expect(list.data).toHaveLength(3);
    expect(list.can.changeMembers.allowed).toBe(row.invites);
    const statusOf = (is: boolean, good: number) => (is ? good : 403);
    expect((await invite({ call }, someone("Di"))).status).toBe(statusOf(row.invites, 200));
    expect((await invite({ call }, someone("Ed", "owner"))).status).toBe(statusOf(row.makesOwner, 200));
    const removed = await call("DELETE", `/api/members/${other}`);
    expect(removed.status).toBe(statusOf(row.removesMember, 204));
    const owner = (await membersOf(customer)).data.find(({ name }) => name === "Ann Lindt");
    expect((await call("DELETE", `/api/members/${owner!.id}`)).status).toBe(statusOf(row.makesOwner, 204));
  });

  it("B2 a session is worth the role that the person has, not the one it was made for", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 3 });
    const call = await signedIn(customer, await join(customer, "Bo", "member"), "owner");
    expectProblem(await invite({ call }, someone("Cy")), 403, "forbidden");
  });

  it("B1 another account's members and invitations are not there", async () => {
    const [mine, theirs] = [
      await newCustomer(time, { planId: "team", seats: 3 }),
      await newCustomer(time, { planId: "team", seats: 3 }),
    ];
    const [invited] = (await invite(theirs, someone("Bo"))).body.data;
    const member = await join(theirs, "Cy");
    for (const id of [invited!.id, member]) {
      expectProblem(await mine.call("DELETE", `/api/members/${id}`), 404, "not_found");
    }
    expect((await membersOf(mine)).data.map(({ email }) => email)).toEqual(["ann@acme.test"]);
    expect((await membersOf(theirs)).seats.used).toBe(3);
  });

  it("the list comes in pages", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 5 });
    await invite(customer, ...NAMES.slice(0, 4).map((name) => someone(name)));
    const names: (string | null)[] = [];
    for (let cursor = ""; ;) {
      const { body } = await customer.call<MemberList>("GET", `/api/members?limit=2${cursor}`);
      names.push(...body.data.map(({ name }) => name));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(names).toEqual(["Ann Lindt", "Bo", "Cy", "Di", "Ed"]);
  });
});

describe("fewer seats than people", () => {
  it("PL5 is refused, and says who holds the seats and how many people to remove", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 12 });
    await invite(customer, ...NAMES.slice(0, 9).map((name) => someone(name)));
    for (const path of ["preview", "change"]) {
      const answer = await customer.call("POST", `/api/billing/${path}`, { seats: 8 });
      const refused = expectProblem(answer, 409, "seats_in_use");
      expect(refused.detail).toContain(
        "10 seats are in use: Ann Lindt, Bo and 8 more. Remove 2 people first.",
      );
      expect(refused).toMatchObject({ neededSeats: 10 });
      expect(refused.seats?.slice(0, 2)).toEqual([
        { kind: "member", name: "Ann Lindt", email: "ann@acme.test" },
        { kind: "invitation", name: "Bo", email: "bo@acme.test" },
      ]);
      expect(refused.seats).toHaveLength(10);
    }
    expect((await customer.preview({ seats: 10 })).kind).toBe("downgrade");
  });

  it("S4 Free is never refused: it names who loses access and when, and keeps them", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 3 });
    const bo = await join(customer, "Bo", "admin");
    await invite(customer, { email: "cy@acme.test", role: "member" });
    const endsOn = (await customer.overview()).period.end;
    const when = new Intl.DateTimeFormat("en-GB", {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }).format(Date.parse(endsOn));
    for (const planId of ["free", "personal"]) {
      const preview = await customer.preview({ planId });
      expect(preview.loses[0]).toBe(`Bo and cy@acme.test lose access on ${when}; only Ann Lindt keeps it`);
      expect(preview.losesAccess.map(({ email }) => email)).toEqual(["bo@acme.test", "cy@acme.test"]);
      expect(preview.keepsAccess?.email).toBe("ann@acme.test");
      expect(preview.losses.limits.find(({ meter }) => meter === "sessions")).toMatchObject({ from: 200 });
    }
    const call = await signedIn(customer, bo, "admin");
    expect((await call("POST", "/api/billing/cancel", {})).status).toBe(200);

    await time.travelTo(endsOn, { stepDays: 31 });
    await time.settle();
    const overview = await customer.overview();
    expect(overview.plan.id).toBe("free");
    expect(overview.members.map(({ name, active }) => [name, active])).toEqual([
      ["Ann Lindt", true],
      ["Bo", false],
    ]);
    expect(overview.contacts.map(({ name }) => name)).toEqual(["Ann Lindt"]);

    const seen = await call<typeof overview>("GET", "/api/billing");
    expect(seen.body.viewer).toMatchObject({ name: "Bo", role: "admin" });
    expect(Object.values(seen.body.can).map(({ allowed }) => allowed)).not.toContain(true);
    expect(seen.body.can.upgrade.reason).toBe("Ann Lindt can change billing.");
    const list = await membersOf({ call });
    expect(list.can.changeMembers.allowed).toBe(false);
    expect(list.data.map(({ active }) => active)).toEqual([true, false]);
    for (const [method, path, body] of [
      ["POST", "/api/billing/checkout", { planId: "team", seats: 2 }],
      ["POST", "/api/members", { invitations: [someone("Di")] }],
      ["DELETE", `/api/members/${list.data[0]!.id}`, undefined],
    ] as const) {
      const refused = expectProblem(await call(method, path, body), 403, "forbidden");
      expect(refused.detail).toContain("Free has one seat, the owner's.");
    }
    const key = await time.issue("account_key", customer.accountId, "admin", bo);
    const automation = callerOf(time.url, { authorization: `Bearer ${key}` });
    expectProblem(await automation("POST", "/api/events", { id: "e", meter: "sessions" }), 403, "forbidden");
  });

  it("S4 with seats again everybody who was kept is active again, and none may be left out", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 3 });
    const members = [await join(customer, "Bo"), await join(customer, "Cy")];
    await customer.call("POST", "/api/billing/cancel", {});
    await time.travelTo((await customer.overview()).period.end, { stepDays: 10 });
    await time.settle();
    const refused = expectProblem(
      await customer.call("POST", "/api/billing/checkout", { planId: "team", seats: 2 }),
      409,
      "seats_in_use",
    );
    expect(refused.detail).toContain("3 seats are in use: Ann Lindt, Bo and Cy. Remove 1 person first.");
    const { body } = await customer.call<{ url: string }>("POST", "/api/billing/checkout", {
      planId: "team",
      seats: 3,
    });
    await payHostedPage(body.url);
    await customer.call("POST", "/api/billing/reconcile", {});
    expect((await customer.overview()).members.map(({ id, active }) => [id, active]).slice(1)).toEqual(
      members.map((id) => [id, true]),
    );
  });
});

describe("at the same moment", () => {
  it("S4 twenty invitations for the last seat: one gets it", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => invite(customer, someone(`p${index}`))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectProblem(answer, 409, "seats_in_use");
    }
    expect((await membersOf(customer)).seats.used).toBe(2);
  });

  it("S4 ten clicks on one invitation make one member", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const [invited] = (await invite(customer, someone("Bo"))).body.data;
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(invited!.token, "Bo")));
    expect(new Set(answers.map(({ body }) => body.member.id)).size).toBe(1);
    expect((await membersOf(customer)).data).toHaveLength(2);
  });

  it("S4 accepted while it is withdrawn: either there is a member or there is not, and both hear the same", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    for (let round = 0; round < 12; round += 1) {
      const [invited] = (await invite(customer, someone("Bo"))).body.data;
      const accepting = () => accept(invited!.token, "Bo");
      const removing = () => customer.call<Problem>("DELETE", `/api/members/${invited!.id}`);
      const [accepted, removed] =
        round % 2 === 0
          ? await Promise.all([accepting(), removing()])
          : await Promise.all([removing(), accepting()]).then(([one, two]) => [two, one] as const);
      const isMember = (await membersOf(customer)).data.length === 2;
      expect([accepted.status, removed.status]).toEqual(isMember ? [200, 409] : [404, 204]);
      if (isMember) await customer.call("DELETE", `/api/members/${accepted.body.member.id}`);
    }
  });

  it("S4 two owners who remove each other: one stays", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 2 });
    const bo = await join(customer, "Bo", "owner");
    const [ann] = (await membersOf(customer)).data;
    const answers = await Promise.all(
      [ann!.id, bo].map((id) => customer.call("DELETE", `/api/members/${id}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await membersOf(customer)).data).toHaveLength(1);
  });

  it("S4 an invitation and a cut at once: never more people than will have seats", async () => {
    for (let round = 0; round < 6; round += 1) {
      const customer = await newCustomer(time, { planId: "team", seats: 3 });
      await join(customer, "Bo");
      const { quoteId } = await customer.preview({ seats: 2 });
      const [cut, invited] = await Promise.all([
        customer.call<Problem>("POST", "/api/billing/change", { seats: 2, quoteId }),
        new Promise((resolve) => setImmediate(resolve)).then(() => invite(customer, someone("Cy"))),
      ]);
      expect([cut.status, invited.status].sort()).toEqual([200, 409]);
      const { pendingChange, seats } = await customer.overview();
      expect(seats.used).toBe(pendingChange === null ? 3 : 2);
    }
  });

  it("S4 invited between a change that is confirmed and its step at Stripe: the coming seats count", async () => {
    const customer = await newCustomer(time, { planId: "team", seats: 3 });
    await join(customer, "Bo");
    const { quoteId } = await customer.preview({ seats: 2 });
    time.emulator.faults.add({
      kind: "server_error",
      stage: "before",
      method: "POST",
      path: "/v1/subscription*",
      times: 6,
    });
    const cut = await customer.call("POST", "/api/billing/change", { seats: 2, quoteId });
    expect(cut.status).toBe(502);
    time.emulator.faults.clear();
    expectProblem(await invite(customer, someone("Cy")), 409, "seats_in_use");
  });
});

describe.each(databases)("seats on $name", (database) => {
  it("S4 each member and open invitation holds one, in the list, the overview and the refusal alike", async () => {
    const here = await startAt(database.open, "2027-03-10T09:00:00Z");
    try {
      const customer = await newCustomer(here, { planId: "team", seats: 3 });
      const { body } = await invite(customer, someone("Bo", "admin"), someone("Cy"));
      const accepted = await here.call<AcceptedInvitation>("POST", "/api/invitations/accept", {
        token: body.data[0]!.token,
        name: "Bo",
      });
      expect(accepted.status).toBe(200);
      const list = await membersOf(customer);
      expect(list.data.map(({ kind, name, role, active }) => [kind, name, role, active])).toEqual([
        ["member", "Ann Lindt", "owner", true],
        ["member", "Bo", "admin", true],
        ["invitation", "Cy", "member", false],
      ]);
      expect(list.seats).toEqual({ purchased: 3, used: 3, scheduled: null });
      expect((await customer.overview()).seats).toEqual({ purchased: 3, used: 3 });
      expectProblem(await customer.call("POST", "/api/billing/preview", { seats: 2 }), 409, "seats_in_use");
      expect((await customer.call("DELETE", `/api/members/${list.data[2]!.id}`)).status).toBe(204);
      expect((await customer.preview({ seats: 2 })).kind).toBe("downgrade");
      expect(await here.faults()).toEqual([]);
    } finally {
      await here.stop();
    }
  });
});
