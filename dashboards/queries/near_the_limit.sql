-- How far beyond their limits are the rows of each step: smallest, mean and largest value?
SELECT reason['step']      AS step,
       reason['limit']     AS limit_broken,
       count(*)            AS rows_outside,
       min(reason['value']) AS smallest,
       round(avg(reason['value']), 6) AS mean,
       max(reason['value']) AS largest
FROM (SELECT unnest(reasons) AS reason FROM decisions) AS each_reason
WHERE reason['value'] IS NOT NULL
GROUP BY reason['step'], reason['limit']
ORDER BY rows_outside DESC, step, limit_broken;
