import type { Permission } from "@bursar/client";
import { useBursar } from "../bursar-context.ts";
import { ActionButton } from "../frame/action.tsx";
import { Failure } from "../frame/section.tsx";
import { usePortal } from "../hooks.ts";
import { paymentWords } from "../messages/areas/payment.ts";

/** Opens Stripe's billing portal, which comes back to the screen it was left from. */
export function ManagePayment({ permission }: { permission: Permission }) {
  const { messages, openHostedPage } = useBursar(paymentWords);
  const portal = usePortal();
  const open = () =>
    portal.mutate({ returnUrl: window.location.href }, { onSuccess: ({ url }) => openHostedPage(url) });
  return (
    <>
      <ActionButton
        label={messages.payment.manage}
        busyLabel={messages.payment.opening}
        busy={portal.isPending}
        permission={permission}
        onPress={open}
      />
      {portal.error === null ? null : <Failure error={portal.error} />}
    </>
  );
}
