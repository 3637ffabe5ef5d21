/** Puts an emulator together and listens. */
import { createAdaptorServer } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { Hono } from "hono";
import { accountFrom, type AccountOptions } from "./account.ts";
import { mountApi } from "./api.ts";
import { mountDisputes, orderDispute, type DisputeOrder } from "./control/disputes-api.ts";
import { mountFaults } from "./control/faults-api.ts";
import { mountControl } from "./control/mount.ts";
import type { Env } from "./env.ts";
import type { Faults } from "./faults/faults.ts";
import { mountPages } from "./pages/mount.ts";
import { savePortalSettings } from "./resources/portal/configurations.ts";
import { Sandbox } from "./sandbox.ts";
import { lockFolder } from "./store/folder-lock.ts";
import { Journal } from "./store/journal.ts";
import { Store } from "./store/store.ts";
import { Agenda } from "./time/agenda.ts";
import { TimeKeeper } from "./time/keeper.ts";
import { Deliverer } from "./webhooks/deliverer.ts";

export interface StripeEmulatorOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  host?: string;
  /** Folder of the journal; without one everything is forgotten at the end. */
  dataDir?: string;
  /** The key that callers must send. */
  secretKey?: string;
  account?: AccountOptions;
  /** The wall clock, in milliseconds. */
  now?: () => number;
  /** Told of faults of the emulator itself; they go to the console unless this is given. */
  onFailure?: (error: unknown) => void;
}

export interface StripeEmulator {
  url: string;
  host: string;
  port: number;
  secretKey: string;
  /**
   * Looks at the clock now: resolves when everything due on it has happened and no test clock advances any more. By
   * itself an emulator looks when something is due, which a clock that was moved by hand does not tell it.
   */
  catchUp(): Promise<void>;
  /** Troubles on order; the same as /_emulator/faults. */
  faults: Pick<Faults, "add" | "clear" | "list">;
  /** A holder denies a charge, now; the same as /_emulator/disputes. Throws when there is no such charge. @returns its id */
  dispute(order: DisputeOrder): string;
  /** Sends the webhooks that are due by the clock: for who moves the clock by hand. */
  deliverDue(): Promise<void>;
  close(): Promise<void>;
}

export const DEFAULT_SECRET_KEY = "sk_test_emulator";

/** Rejects with a sentence that says what to do when port or folder are taken or the journal is damaged. */
export async function startStripeEmulator(options: StripeEmulatorOptions = {}): Promise<StripeEmulator> {
  const host = options.host ?? "127.0.0.1";
  const now = options.now ?? Date.now;
  const secretKey = options.secretKey ?? DEFAULT_SECRET_KEY;
  const onFailure = options.onFailure ?? ((error) => console.error(`stripe-emulator:`, error));
  const unlock = options.dataDir === undefined ? async () => {} : await lockFolder(options.dataDir);
  const app = new Hono<Env>();
  const server = createAdaptorServer({ fetch: app.fetch });
  try {
    const port = await listen(server, options.port ?? 0, host);
    const url = `http://${host}:${port}`;
    const store = new Store(options.dataDir === undefined ? null : new Journal(options.dataDir));
    const sandbox = new Sandbox({
      account: accountFrom(options.account),
      store,
      now,
      secretKey,
      baseUrl: url,
    });
    if (sandbox.account.settings.portalSettingsSaved) savePortalSettings(sandbox);
    const deliverer = new Deliverer({ sandbox, now, onFailure });
    const agenda = new Agenda(sandbox);
    const keeper = new TimeKeeper({ sandbox, agenda, afterBatch: () => deliverer.wake(), onFailure });
    const beforeRequest = () => keeper.catchUpBriefly();
    const afterAnswer = () => {
      deliverer.wake();
      keeper.wake();
    };
    mountApi(app, { sandbox, beforeRequest, afterAnswer, onFailure });
    mountFaults(app, sandbox);
    mountDisputes(app, { sandbox, afterAnswer });
    mountControl(app, { sandbox, afterAnswer });
    mountPages(app, { sandbox, afterAnswer, onFailure });
    afterAnswer();
    const close = async () => {
      await keeper.close();
      await deliverer.close();
      await closeServer(server);
      store.close();
      await unlock();
    };
    const deliverDue = () => deliverer.deliverDue();
    const dispute = (order: DisputeOrder) => {
      const opened = orderDispute(sandbox, order);
      if ("wrong" in opened) throw new Error(opened.wrong);
      afterAnswer();
      return String(opened.dispute["id"]);
    };
    const { faults } = sandbox;
    return {
      url,
      host,
      port,
      secretKey,
      faults,
      dispute,
      deliverDue,
      catchUp: () => keeper.catchUp(),
      close,
    };
  } catch (error) {
    await closeServer(server);
    await unlock();
    throw error;
  }
}

type Server = ReturnType<typeof createAdaptorServer>;

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      const message = `Port ${port} on ${host} is in use: stop what listens there, or give the emulator another port.`;
      reject(new Error(message, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}
