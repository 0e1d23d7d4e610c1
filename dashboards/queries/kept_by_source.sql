-- What share of each source stays, in rows and in bytes of text?
SELECT f.source,
       count(*) AS rows_in,
       sum(CASE WHEN d.action IN ('keep', 'flag', 'edit') THEN 1 ELSE 0 END) AS kept,
       sum(CASE WHEN d.action IN ('keep', 'flag', 'edit') THEN 1.0 ELSE 0.0 END) / count(*) AS share_of_rows,
       coalesce(sum(f.bytes), 0) AS text_bytes,
       coalesce(sum(CASE WHEN d.action IN ('keep', 'flag', 'edit') THEN f.bytes END), 0) AS kept_bytes
FROM facts AS f
JOIN decisions AS d ON d.file = f.file AND d."row" = f."row"
GROUP BY f.source
ORDER BY rows_in DESC, f.source;
