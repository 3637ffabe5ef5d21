import net from "node:net";
import type { AddressInfo } from "node:net";
import { PortInUseError } from "../main.ts";

/** Makes sure that a port is free before anything is opened or made. @param port 0 for any @returns the port */
export async function freePort(port: number): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortInUseError(port) : error),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const free = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
