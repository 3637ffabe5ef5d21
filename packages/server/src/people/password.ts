/**
 * Passwords, kept as Argon2id with OWASP's second set of parameters (19 MiB, 2 passes, 1 lane), salted each. Hashing runs
 * on Node's thread pool, few at a time and with a bounded queue: a flood of sign-ins may wait, but takes neither the event
 * loop nor the memory. The parameters stand in the hash, so they can be raised later.
 */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Long enough for any passphrase; more only costs. */
export const PASSWORD_MAX = 200;
/** NIST SP 800-63B asks for 8 at least; longer is better than mixed characters. */
const PASSWORD_MIN = 12;

/** Of four threads of the pool: the others stay free for files and names. */
const AT_ONCE = 2;
/** At 50 to 100 ms each, who is last waits some seconds. */
const WAITING_MAX = 60;

/** Too many sign-ins at once. */
export class PasswordsBusyError extends Error {
  override readonly name = "PasswordsBusyError";
}

/** @returns what is wrong with it in words, or `null` */
export function refusePassword(password: string, email: string): string | null {
  if (password.length < PASSWORD_MIN) return `has at least ${PASSWORD_MIN} characters`;
  if (password.length > PASSWORD_MAX) return `has at most ${PASSWORD_MAX} characters`;
  if (password.toLowerCase() === email.toLowerCase()) return "is not your e-mail address";
  if (new Set(password).size < DIFFERENT_MIN) return `has at least ${DIFFERENT_MIN} different characters`;
  return null;
}
const DIFFERENT_MIN = 4;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive(password, salt, { memory: MEMORY_KIB, passes: PASSES, parallelism: LANES });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${bare(salt)}$${bare(tag)}`;
}

/**
 * Whether this is the password. Where there is none it costs the same, so that time does not tell who has one.
 * @param kept `null`: nobody, or somebody without a password
 */
export async function verifyPassword(password: string, kept: string | null): Promise<boolean> {
  const { salt, tag, ...how } = parse(kept ?? NOBODYS);
  const given = await derive(password, salt, how);
  return timingSafeEqual(given, tag) && kept !== null;
}

/** Of no password at all; its parameters are those of every new one. */
const NOBODYS = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${bare(Buffer.alloc(SALT_BYTES))}$${bare(Buffer.alloc(TAG_BYTES))}`;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

function parse(kept: string): Parameters & { salt: Buffer; tag: Buffer } {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(kept);
  if (found === null) throw new Error("A password is kept in a form that is not ours.");
  const [, memory, passes, parallelism, salt, tag] = found;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt!, "base64"),
    tag: Buffer.from(tag!, "base64"),
  };
}

/** As the PHC string format writes it: base64 without padding. */
function bare(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, how: Parameters): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) throw new PasswordsBusyError();
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    // One character may be written in several ways, and keyboards differ in which.
    const message = password.normalize("NFKC");
    return await argon2id({ ...how, message, nonce: salt, tagLength: TAG_BYTES });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function argon2id(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}
