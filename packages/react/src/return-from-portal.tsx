import type { Overview } from "@bursar/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useBursar } from "./bursar-context.ts";
import { later } from "./frame/later.tsx";
import { recallPortal } from "./portal-visit.ts";
import { tellOtherTabs } from "./other-tabs.ts";
import * as queryKeys from "./query-keys.ts";

type Card = Overview["paymentMethod"];

/**
 * Back from Stripe's portal: the server asks Stripe, so that a late webhook does not show the old card, and a card that is
 * another now is named (RT4). Where Stripe cannot be asked now, the webhook tells later.
 */
export function ReturnFromPortal() {
  const { client } = useBursar();
  const queries = useQueryClient();
  const [card, setCard] = useState<Card>(null);
  useEffect(() => {
    const look = () => {
      const before = recallPortal();
      if (before === undefined) return;
      void client.reconcile({}).then(
        (overview) => {
          queries.setQueryData(queryKeys.overview, overview);
          tellOtherTabs();
          if (!isSame(before, overview.paymentMethod)) setCard(overview.paymentMethod);
        },
        () => undefined,
      );
    };
    look();
    window.addEventListener("pageshow", look);
    return () => window.removeEventListener("pageshow", look);
  }, [client, queries]);
  return card === null ? null : <CardNews card={card} />;
}

const CardNews = later(() => import("./screens/returning.ts").then(({ CardNews }) => CardNews));

function isSame(a: Card, b: Card): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
