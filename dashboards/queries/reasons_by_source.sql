-- Which limits and rules did the rows of each source break, and how often?
SELECT f.source,
       r.reason['step']     AS step,
       r.reason['operator'] AS operator,
       count(*)             AS rows_outside
FROM (SELECT file, "row", unnest(reasons) AS reason FROM decisions) AS r
JOIN facts AS f ON f.file = r.file AND f."row" = r."row"
GROUP BY f.source, r.reason['step'], r.reason['operator']
ORDER BY rows_outside DESC, f.source, step;
