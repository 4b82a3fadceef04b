-- The auditor reports a forged record once, although it compares the case with its owner again after each restart.
create index finding_forged on finding (case_id) where kind = 'forged';
