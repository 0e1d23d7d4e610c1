-- How many rows and bytes of text did each step or rule decide about, and how?
SELECT d.action,
       coalesce(d.step, '(kept as it came)') AS reason,
       count(*)                              AS rows_in,
       coalesce(sum(f.bytes), 0)             AS text_bytes
FROM decisions AS d
JOIN facts AS f ON f.file = d.file AND f."row" = d."row"
GROUP BY d.action, coalesce(d.step, '(kept as it came)')
ORDER BY rows_in DESC, reason, d.action;
