/** The end of a customer: everything of theirs that runs is canceled first. */
import { noSuchObject } from "../wire/errors.ts";
import { route } from "../wire/route.ts";
import { showCustomer } from "./customers.ts";
import { cancelAllOf } from "./subscriptions/cancel.ts";

export const customerDeletionRoutes = [
  route("DELETE /v1/customers/{id}", ({ sandbox, id }) => {
    const customer = sandbox.store.customers.get(id);
    if (customer === undefined) throw noSuchObject("customer", id);
    cancelAllOf(sandbox, id);
    sandbox.emit("customer.deleted", showCustomer(sandbox, customer));
    for (const method of sandbox.store.paymentMethods.where("customer", id)) {
      sandbox.store.paymentMethods.patch(method.id, { customer: null });
    }
    sandbox.store.customers.delete(id);
    sandbox.store.deletedCustomers.put({ id });
    return { id, object: "customer", deleted: true };
  }),
];
