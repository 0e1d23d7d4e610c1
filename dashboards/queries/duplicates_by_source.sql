-- Of which sources are rows duplicates, and in which sources are the rows that stay?
SELECT m.source AS source,
       k.source AS kept_source,
       g.step,
       count(*) AS duplicates,
       min(g.similarity) AS lowest_similarity
FROM groups AS g
JOIN facts AS m ON m.file = g.file AND m."row" = g."row"
JOIN facts AS k ON k.file = g.kept_file AND k."row" = g.kept_row
WHERE g.role = 'member'
GROUP BY m.source, k.source, g.step
ORDER BY duplicates DESC, source, kept_source, g.step;
