-- Time travel of the demo: how far an account's clock is ahead, and the Stripe test clock that its customer lives on.
-- In production it stays empty.

create table account_clocks (
  account_id    text        primary key,
  -- ahead of the machine's clock; it only grows
  offset_ms     bigint      not null default 0 check (offset_ms >= 0),
  test_clock_id text,
  -- where an advance is going, in the account's time; null when none is under way and none was cut off
  target_at     timestamptz
);
