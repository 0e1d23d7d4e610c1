-- Which rows could not be measured, by problem, language and source?
SELECT problem,
       coalesce(lang, '(unknown)') AS lang,
       source,
       count(*)                    AS rows_unmeasured
FROM facts
WHERE problem IS NOT NULL
GROUP BY problem, coalesce(lang, '(unknown)'), source
ORDER BY rows_unmeasured DESC, problem, lang, source;
