-- Which texts occur more than once byte for byte, and what became of their rows?
SELECT min(file || ':' || CAST("row" AS VARCHAR)) AS first_place,
       count(*)                                   AS copies,
       sum(CASE WHEN action IN ('keep', 'flag', 'edit') THEN 1 ELSE 0 END) AS kept
FROM decisions
WHERE content IS NOT NULL
GROUP BY content
HAVING count(*) > 1
ORDER BY copies DESC, first_place
LIMIT 100;
