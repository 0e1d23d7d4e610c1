-- How long are the texts of each language, in bytes, and how many of them stay?
SELECT coalesce(f.lang, '(unknown)') AS lang,
       count(*)                      AS rows_in,
       sum(CASE WHEN d.action IN ('keep', 'flag', 'edit') THEN 1 ELSE 0 END) AS kept,
       coalesce(sum(f.bytes), 0)     AS text_bytes,
       avg(f.bytes)                  AS mean_bytes,
       min(f.bytes)                  AS shortest,
       max(f.bytes)                  AS longest
FROM facts AS f
JOIN decisions AS d ON d.file = f.file AND d."row" = f."row"
GROUP BY coalesce(f.lang, '(unknown)')
ORDER BY rows_in DESC, lang;
