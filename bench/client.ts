import { connect, type Socket } from "node:net";

/*
 * The client of the benchmarks: HTTP/1.1 over keep-alive sockets, one request under way on each. It shares the
 * machine's cores with the server and the database, so it must cost little: it knows only answers with a
 * Content-Length, which is all that our routes give, and it parses no body.
 */

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = "\r\n\r\n";
const LENGTH = "\r\ncontent-length: ";

export class Connection {
  readonly #socket: Socket;
  #received = "";
  #waiting: PromiseWithResolvers<Answer> | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    // Each byte stays one character, so that lengths in bytes are lengths of the string.
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#take(chunk));
    const lost = () => this.#waiting?.reject(new Error("The server closed the connection."));
    socket.on("close", lost).on("error", lost);
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Connection(socket)));
      socket.once("error", reject);
    });
  }

  /** @param request whole and ready for the wire; see `requestTo` */
  send(request: string): Promise<Answer> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(request, "latin1");
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd + 2).toLowerCase();
    const lengthAt = head.indexOf(LENGTH);
    const length = lengthAt < 0 ? 0 : Number.parseInt(head.slice(lengthAt + LENGTH.length), 10);
    const bodyAt = headEnd + HEAD_END.length;
    if (this.#received.length < bodyAt + length) return;
    const body = this.#received.slice(bodyAt, bodyAt + length);
    this.#received = this.#received.slice(bodyAt + length);
    this.#waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}

/** Makes requests of one kind: all but the body is put together once. */
export function requestTo(
  method: "GET" | "POST",
  { key, type = "application/json" }: { readonly key: string; readonly type?: string },
): (path: string, account: string, body?: string) => string {
  const rest = ` HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nBursar-Account: `;
  return (path, account, body) => {
    const begin = `${method} ${path}${rest}${account}\r\n`;
    if (body === undefined) return `${begin}\r\n`;
    return `${begin}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
}
