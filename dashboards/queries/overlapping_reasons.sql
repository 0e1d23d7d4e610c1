-- Which two steps or rules object to the same rows, and how often?
SELECT a.step AS step,
       b.step AS other_step,
       count(*) AS rows_outside_both
FROM (SELECT DISTINCT file, "row", reason['step'] AS step
      FROM (SELECT file, "row", unnest(reasons) AS reason FROM decisions) AS left_reasons) AS a
JOIN (SELECT DISTINCT file, "row", reason['step'] AS step
      FROM (SELECT file, "row", unnest(reasons) AS reason FROM decisions) AS right_reasons) AS b
  ON a.file = b.file AND a."row" = b."row" AND a.step < b.step
GROUP BY a.step, b.step
ORDER BY rows_outside_both DESC, step, other_step;
