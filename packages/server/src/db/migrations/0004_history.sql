-- What keeps the history cheap, and lets what is old go.

-- Filters of the history by kind: uses are by far the most entries and are found by the primary key, all others here.
-- Uses are left out, so the hot path writes nothing into it.
create index ledger_entries_rare on ledger_entries (account_id, entry_number) where kind not in ('usage', 'allocation_usage');

-- Raw events are never looked up one by one and their ids are unique in event_ids already. Measured by COPY in 20,000s,
-- a row without this key costs the server 3.6 µs of processor, 164 bytes of log and half of the disk; with it 6.4 µs and
-- 324 bytes where ids rise, 9 µs and more where they are random.
alter table events drop constraint events_pkey;

-- Ids are trimmed in small deletes, the oldest first; receipts come in order, so its pages fill one after the other.
create index event_ids_by_receipt on event_ids (received_at);
create index events_rest_by_receipt on events_rest (received_at);
