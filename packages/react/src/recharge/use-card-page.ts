import { useBursar } from "../bursar-context.ts";
import { usePortal } from "../hooks.ts";

/** Stripe's form for a card, and back to where the person is. */
export function useCardPage() {
  const { openHostedPage } = useBursar();
  const portal = usePortal();
  const open = () =>
    portal.mutate(
      { returnUrl: window.location.href, flow: "payment_method" },
      { onSuccess: ({ url }) => openHostedPage(url) },
    );
  return { open, isOpening: portal.isPending, error: portal.error };
}
