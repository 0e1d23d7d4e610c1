-- Which groups of related rows are the largest, and which row of each stays?
SELECT step,
       "group",
       min(kept_file)  AS kept_file,
       min(kept_row)   AS kept_row,
       count(*)        AS size,
       sum(CASE WHEN role = 'member' THEN 1 ELSE 0 END)   AS members,
       sum(CASE WHEN role = 'template' THEN 1 ELSE 0 END) AS templates,
       min(similarity) AS lowest_similarity
FROM groups
GROUP BY step, "group"
ORDER BY size DESC, step, "group"
LIMIT 100;
