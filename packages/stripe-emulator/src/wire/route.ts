/** How a resource states its routes: the table's name of the route, and a function from typed parameters to an object. */
import type { Stripe } from "./stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import type { ListObject } from "./lists.ts";
import type { ParameterList } from "./params.ts";
import type { WireObject } from "./shape.ts";

/**
 * The SDK's own parameter type as it stands after `checkParams`: decimals are strings, an empty string is null, open
 * enums are closed again, and whatever may be left out may also have been unset.
 */
export type Given<T> = T extends Stripe.Decimal
  ? string
  : T extends string
    ? GivenString<T>
    : T extends readonly (infer Element)[]
      ? Given<Element>[]
      : T extends object
        ? GivenObject<T>
        : T;

type GivenObject<T> = string extends keyof T
  ? Record<string, string | null>
  : { [Key in keyof T]: Given<T[Key]> | (undefined extends T[Key] ? null | undefined : never) };

/** The SDK widens its enums by a branded string for values of later versions; the parameter table knows them all. */
type GivenString<T extends string> = T extends ""
  ? null
  : string extends T
    ? IsSame<T, string> extends true
      ? string
      : never
    : T;

type IsSame<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

export interface Call<P> {
  sandbox: Sandbox;
  params: Given<P>;
  /** The path's `{id}`, empty on routes without one. */
  id: string;
  /** The path's `{customerId}`, on routes of what belongs to a customer. */
  customerId: string;
  /** The path itself, which lists repeat as their `url`. */
  url: string;
}

export type Method = "GET" | "POST" | "DELETE";

export interface Route {
  method: Method;
  path: string;
  handle: (call: Call<never>) => WireObject | ListObject;
  /** Of routes that Stripe does not document and the table does not know: what may be sent. */
  parameters?: ParameterList;
}

/** `route<Stripe.CustomerCreateParams>("POST /v1/customers", ({ sandbox, params }) => ...)` */
export function route<P>(
  name: `${Method} /v1/${string}`,
  handle: (call: Call<P>) => WireObject | ListObject,
): Route {
  const [method, path] = name.split(" ") as [Method, string];
  // The pipeline checks parameters against the table of this very name before it calls.
  return { method, path, handle: handle as unknown as Route["handle"] };
}

/** A route that is in no document of Stripe's and yet used by its tools; its parameters are stated beside it. */
export function undocumentedRoute<P>(
  name: `${Method} /v1/${string}`,
  parameters: ParameterList,
  handle: (call: Omit<Call<never>, "params"> & { params: P }) => WireObject,
): Route {
  const [method, path] = name.split(" ") as [Method, string];
  return { method, path, parameters, handle: handle };
}
