/* What only somebody sees who comes back from a page of Stripe's. */
export { LeftCheckout } from "../left-checkout.tsx";
export { ReturnFromStripe } from "../return-from-stripe.tsx";
export { CardNews } from "../card-news.tsx";
