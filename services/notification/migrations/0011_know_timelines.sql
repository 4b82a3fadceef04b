-- Stepped timelines that exist, by the first of their marks: a subscription to another one is refused.
create table timeline (
  id text primary key
);

-- Marks were read past so far. Timelines that have neither a case nor a subscription are known from their next mark on.
insert into timeline (id)
select timeline from case_record where timeline like 'stp\_%'
union
select timeline from subscription where timeline like 'stp\_%';
