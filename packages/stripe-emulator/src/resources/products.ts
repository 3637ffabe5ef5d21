/** Products: what is sold. Their prices are objects of their own. */
import type { Product } from "../entities/product.ts";
import type { Stripe } from "../wire/stripe-types.ts";
import type { Sandbox } from "../sandbox.ts";
import { newId } from "../store/ids.ts";
import { invalidRequest, noSuchObject, noSuchReference } from "../wire/errors.ts";
import { listPage } from "../wire/lists.ts";
import { mergeMetadata } from "../wire/metadata.ts";
import { route, type Given } from "../wire/route.ts";
import { complete, type WireObject } from "../wire/shape.ts";
import { previousAttributes } from "./events.ts";

export function showProduct(_sandbox: Sandbox, product: Product): WireObject {
  return complete({ object: "product", attributes: [], ...product });
}

export function productOf(sandbox: Sandbox, id: string, param = "product"): Product {
  const product = sandbox.store.products.get(id);
  if (product === undefined) throw noSuchReference("product", id, param);
  return product;
}

export function createProduct(sandbox: Sandbox, params: Given<Stripe.ProductCreateParams>): Product {
  const id = params.id ?? newId("prod");
  if (sandbox.store.products.get(id) !== undefined) {
    throw invalidRequest("Product already exists.", { code: "resource_already_exists", param: "id" });
  }
  const now = sandbox.wallNow();
  const product = sandbox.store.products.put({
    id,
    created: now,
    updated: now,
    active: params.active ?? true,
    name: params.name,
    description: params.description ?? null,
    default_price: null,
    images: params.images ?? [],
    marketing_features: params.marketing_features ?? [],
    metadata: mergeMetadata({}, params.metadata),
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    type: params.type ?? "service",
    unit_label: params.unit_label ?? null,
    url: params.url ?? null,
  });
  sandbox.emit("product.created", showProduct(sandbox, product));
  return product;
}

function requireProduct(sandbox: Sandbox, id: string): Product {
  const product = sandbox.store.products.get(id);
  if (product === undefined) throw noSuchObject("product", id);
  return product;
}

/** The given value, null included, or what stood there before. */
export function changed<T>(given: T | undefined, current: T): T {
  return given === undefined ? current : given;
}

export const productRoutes = [
  route<Stripe.ProductListParams>("GET /v1/products", ({ sandbox, params, url }) => {
    const matching = sandbox.store.products
      .newestFirst()
      .filter((product) => params.active == null || product.active === params.active)
      .filter((product) => params.ids == null || params.ids.includes(product.id))
      .filter((product) => params.url == null || product.url === params.url);
    return listPage(matching, { params, url, show: (product) => showProduct(sandbox, product) });
  }),
  route("GET /v1/products/{id}", ({ sandbox, id }) => showProduct(sandbox, requireProduct(sandbox, id))),
  route<Stripe.ProductUpdateParams>("POST /v1/products/{id}", ({ sandbox, id, params }) => {
    const product = requireProduct(sandbox, id);
    const after = sandbox.store.products.patch(id, {
      updated: sandbox.wallNow(),
      active: params.active ?? product.active,
      name: params.name ?? product.name,
      description: changed(params.description, product.description),
      default_price: changed(params.default_price, product.default_price),
      images: params.images === null ? [] : (params.images ?? product.images),
      marketing_features:
        params.marketing_features === null ? [] : (params.marketing_features ?? product.marketing_features),
      metadata: mergeMetadata(product.metadata, params.metadata),
      shippable: changed(params.shippable, product.shippable),
      statement_descriptor: changed(params.statement_descriptor, product.statement_descriptor),
      tax_code: changed(params.tax_code, product.tax_code),
      unit_label: changed(params.unit_label, product.unit_label),
      url: changed(params.url, product.url),
    });
    const [old, fresh] = [showProduct(sandbox, product), showProduct(sandbox, after)];
    sandbox.emit("product.updated", fresh, previousAttributes(old, fresh));
    return fresh;
  }),
  route("DELETE /v1/products/{id}", ({ sandbox, id }) => {
    const product = requireProduct(sandbox, id);
    if (sandbox.store.prices.where("product", id).length > 0) {
      throw invalidRequest(
        "This product cannot be deleted because it has one or more user-created prices. Archive it instead: set active to false.",
      );
    }
    sandbox.emit("product.deleted", showProduct(sandbox, product));
    sandbox.store.products.delete(id);
    return { id, object: "product", deleted: true };
  }),
];
