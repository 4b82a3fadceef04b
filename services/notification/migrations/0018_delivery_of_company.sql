-- An event about no case, for example about an announced change, goes to the subscriptions of companies. Its delivery has neither a case
-- nor a ring test, so it must have a subscription.
alter table delivery drop constraint delivery_of_case_or_ring_test;
alter table delivery add constraint delivery_of_case_ring_test_or_subscription
  check (num_nonnulls(case_id, ring_test_id) = 1 or (num_nonnulls(case_id, ring_test_id) = 0 and subscription_id is not null));

comment on column delivery.case_id is 'Null for a test page, and for an event about no case';
