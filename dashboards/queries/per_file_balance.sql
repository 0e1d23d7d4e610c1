-- For each input file, what became of its rows, and does it add up?
SELECT file,
       count(*)                                                 AS rows_in,
       sum(CASE WHEN action = 'keep' THEN 1 ELSE 0 END)         AS keep,
       sum(CASE WHEN action = 'flag' THEN 1 ELSE 0 END)         AS flag,
       sum(CASE WHEN action = 'edit' THEN 1 ELSE 0 END)         AS edit,
       sum(CASE WHEN action = 'quarantine' THEN 1 ELSE 0 END)   AS quarantine,
       sum(CASE WHEN action = 'drop' THEN 1 ELSE 0 END)         AS dropped,
       count(*) = sum(CASE WHEN action IN ('keep', 'flag', 'edit', 'quarantine', 'drop')
                           THEN 1 ELSE 0 END)                   AS balances
FROM decisions
GROUP BY file
ORDER BY file;
