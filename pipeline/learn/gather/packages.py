"""Translations and manuals in packages that `language.py` learns from: which files, in which
format, under which licence. README.md lists the packages."""

import ast
import glob
import html
import json
import os
import re
import struct

QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')


def read(path):
    with open(path, encoding="utf-8-sig", errors="ignore") as file:
        return file.read()


def strings(value):
    """Every string of a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def of_json(path):
    try:
        return list(strings(json.loads(read(path))))
    except ValueError:
        return []


def of_script(path):
    """Strings of several words in JavaScript or Python."""
    found = []
    for one in QUOTED.findall(read(path)):
        try:
            text = ast.literal_eval(one)
        except (ValueError, SyntaxError):
            continue
        if " " in text or not text.isascii():
            found.append(text)
    return found


def of_po(path):
    found, mode = [], None
    for line in read(path).split("\n"):
        match = re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?|msgctxt) (".*")\s*$', line)
        mode = match.group(1)[:6] if match else mode
        try:
            if match and mode == "msgstr":
                found.append(ast.literal_eval(match.group(2)))
            elif line.startswith('"') and mode == "msgstr":
                found[-1] += ast.literal_eval(line.strip())
            elif not line.startswith('"') and not match:
                mode = None
        except (ValueError, SyntaxError):
            mode = None
    return [text for text in found if "Content-Type:" not in text]


def of_mo(path):
    data = open(path, "rb").read()
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, keys, texts = struct.unpack_from(order + "8xIII", data)

    def text(table, at):
        size, start = struct.unpack_from(order + "II", data, table + 8 * at)
        return data[start:start + size].decode(errors="ignore")

    pairs = [(text(keys, at).split("\0")[0], text(texts, at)) for at in range(count)]
    return [one for key, own in pairs if key for one in own.split("\0") if one != key]


def of_fluent(path):
    found = re.findall(r"^[-\w]+ = (.+)$|^ {4}(?:\.\w+ = )?([^\s\[*}].*)$", read(path), re.M)
    return [re.sub(r"\{[^}]*\}", " ", one or two) for one, two in found]


def of_lines(path):
    lines = [re.sub(r"\{[^}]*\}", " ", line) for line in read(path).split("\n") if not line.startswith("#")]
    return [re.sub(r"[()\[\]|]", " ", line) for line in lines]


def of_novel(path):
    """Translated lines of a visual novel."""
    found = re.findall(r'^    (?:new |\w+ )?"((?:[^"\\]|\\.)*)"', read(path), re.M)
    return [re.sub(r"\{[^}]*\}|\[[^\]]*\]|\\", "", text) for text in found]


def of_pages(path):
    """Paragraphs of a page, without what is set as code."""
    text = re.sub(r"<(code|pre|var|samp)\b.*?</\1>", " ", read(path), flags=re.S)
    found = re.findall(r"<(?:p|li|dd|td)\b[^>]*>(.*?)</(?:p|li|dd|td)>", text, re.S)
    found = [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", one))) for one in found]
    return [one for one in found if 20 < len(one.encode())]


def of_pack(path):
    """Messages of Chromium's data packs, version 5."""
    data = open(path, "rb").read()
    version, encoding, count = struct.unpack_from("<IBxxxH", data)
    assert (version, encoding) == (5, 1), path
    starts = [struct.unpack_from("<HI", data, 12 + 6 * at)[1] for at in range(count + 1)]
    found = [data[start:end].decode(errors="ignore") for start, end in zip(starts, starts[1:])]
    found = [text for text in found if not re.match(r"\s*(<!doctype|<html|[.#\w-]+ \{)", text, re.I)]
    return [re.sub(r"<[^>]*>|\{[^{}]*\}|[{}]", " ", text) for text in found]


def android(path):
    """Texts of an Android package by tag of language."""
    import zipfile
    data = zipfile.ZipFile(path).read("resources.arsc")

    def pool(at):
        count, _, flags, start = struct.unpack_from("<IIII", data, at + 8)
        texts = []
        for offset in struct.unpack_from(f"<{count}I", data, at + 28):
            spot = at + start + offset
            if flags & 0x100:
                spot += 2 if data[spot] & 0x80 else 1
                size = data[spot]
                if size & 0x80:
                    spot, size = spot + 1, (size & 0x7F) << 8 | data[spot + 1]
                texts.append(data[spot + 1:spot + 1 + size].decode(errors="ignore"))
            else:
                size = struct.unpack_from("<H", data, spot)[0]
                texts.append(data[spot + 2:spot + 2 + 2 * size].decode("utf-16-le", errors="ignore"))
        return texts

    def chunks(at, end):
        while at < end:
            kind, head, size = struct.unpack_from("<HHI", data, at)
            yield kind, head, size, at
            at += size

    found, texts = {}, []
    for kind, head, size, at in chunks(12, len(data)):
        if kind == 1:
            texts = pool(at)
        if kind != 0x200:
            continue
        for kind, head, size, at in chunks(at + head, at + size):
            if kind != 0x201:
                continue
            count, start = struct.unpack_from("<II", data, at + 12)
            language, country = data[at + 28:at + 30], data[at + 30:at + 32]
            script = data[at + 56:at + 60].strip(b"\0").decode()
            if language[0] & 0x80:  # three letters, packed
                bits = language[1] << 8 | language[0]
                language = bytes(97 + (bits >> shift & 31) for shift in (0, 5, 10))
            tag = "-".join(part for part in (language.strip(b"\0").decode(errors="ignore") or "en", script,
                           country.strip(b"\0").decode(errors="ignore")) if part)
            for offset in struct.unpack_from(f"<{count}I", data, at + head):
                if offset == 0xFFFFFFFF:
                    continue
                spot = at + start + offset
                size, flags = struct.unpack_from("<HH", data, spot)
                values = [spot + 8]
                if flags & 1:
                    number = struct.unpack_from("<I", data, spot + 12)[0]
                    values = [spot + 16 + 12 * place + 4 for place in range(number)]
                for spot in values:
                    _, _, what, value = struct.unpack_from("<HBBI", data, spot)
                    if what == 3 and (" " in texts[value] or not texts[value].isascii()) and not texts[value].startswith(("res/", "android.")):
                        found.setdefault(tag, []).append(re.sub(r"%\d?\$?[sd]|\^\d", " ", texts[value]))
    return found


NOVEL = {"french": "fr", "japanese": "ja", "korean": "ko", "malay": "ms", "russian": "ru",
         "schinese": "zh-Hans", "spanish": "es", "tchinese": "zh-Hant", "ukrainian": "uk"}

# Source, licence, files, where in the path the tag is, reader.
FILES = [
    ("chromium", "BSD-3-Clause", "deb/usr/lib/chromium/locales/*.pak", r"locales/([-\w]+)\.pak", of_pack),
    ("renpy", "MIT", "deb/usr/share/games/renpy/*/game/tl/*/*.rpy", r"/tl/(\w+)/", of_novel),
    ("apache", "Apache-2.0", "deb/usr/share/doc/apache2-doc/manual/*/**/*.html", r"manual/([-\w]+)/", of_pages),
    ("sudo", "ISC", "deb/usr/share/locale/*/LC_MESSAGES/sudo*.mo", r"locale/([@\w]+)/", of_mo),
    ("pam", "BSD-3-Clause", "deb/usr/share/locale/*/LC_MESSAGES/Linux-PAM.mo", r"locale/([@\w]+)/", of_mo),
    ("debconf", "BSD-2-Clause", "deb/usr/share/locale/*/LC_MESSAGES/debconf.mo", r"locale/([@\w]+)/", of_mo),
    ("matrix", "Apache-2.0", "matrix-react-sdk-*/package/src/i18n/strings/*.json", r"strings/([-\w]+)\.json", of_json),
    ("jupyterlab", "BSD-3-Clause", "jupyterlab_language_pack_*/*/locale/*/LC_MESSAGES/*.mo", r"locale/(\w+)/", of_mo),
    ("kolibri", "MIT", "kolibri-*/kolibri/locale/*/LC_MESSAGES/*", r"locale/(\w+)/", None),
    ("excalidraw", "MIT", "excalidraw-*/package/dist/prod/locales/*.js", r"locales/(\w+-\w+)-", of_script),
    ("payload", "MIT", "payloadcms-translations-*/package/dist/languages/*.js", r"languages/([a-zA-Z]+)\.js", of_script),
    ("superset", "Apache-2.0", "apache_superset-*/superset/translations/*/LC_MESSAGES/*.po", r"translations/(\w+)/", of_po),
    ("indico", "MIT", "indico-*/indico/translations/*/LC_MESSAGES/*", r"translations/(\w+)/", None),
    ("thonny", "MIT", "thonny-*/thonny/locale/*/LC_MESSAGES/*.mo", r"locale/(\w+)/", of_mo),
    ("spyder", "MIT", "spyder-*/**/locale/*/LC_MESSAGES/*", r"locale/(\w+)/", None),
    ("sphinx", "BSD-2-Clause", "sphinx-*/sphinx/locale/*/LC_MESSAGES/*.mo", r"locale/(\w+)/", of_mo),
    ("pywikibot", "MIT", "pywikibot-*/pywikibot/scripts/i18n/*/*.json", r"/([-\w]+)\.json$", of_json),
    ("pdf-viewer", "Apache-2.0", "ngx-extended-pdf-viewer-*/package/assets/locale/*/viewer.ftl", r"locale/([-\w]+)/", of_fluent),
    ("video", "Apache-2.0", "video.js-*/package/dist/lang/*.json", r"lang/([-\w]+)\.json", of_json),
    ("uppy", "MIT", "uppy-locales-*/package/src/*.ts", r"src/(\w+)\.ts", of_script),
    ("tables", "MIT", "datatables.net-plugins-*/package/i18n/*.json", r"i18n/([-\w]+)\.json", of_json),
    ("validation", "MIT", "jquery-validation-*/package/dist/localization/messages_*.js", r"messages_(\w+)\.js", of_script),
    ("node-red", "Apache-2.0", "node-red-*/package/locales/*/**/*.json", r"locales/([-\w]+)/", of_json),
    ("node-red", "Apache-2.0", "node-red-*/package/locales/*/**/*.html", r"locales/([-\w]+)/", of_pages),
    ("community", "ISC", "osm-community-index-*/package/i18n/*.yaml", r"i18n/([-\w]+)\.yaml", of_script),
    ("typescript", "Apache-2.0", "typescript-*/package/lib/*/diagnosticMessages.generated.json", r"lib/([-\w]+)/", of_json),
    ("docusaurus", "MIT", "docusaurus-theme-translations-*/package/locales/*/*.json", r"locales/([-\w]+)/", of_json),
    ("voice", "Apache-2.0", "ovos_*/**/locale/*/**/*.dialog", r"locale/([-\w]+)/", of_lines),
    ("voice", "Apache-2.0", "ovos_*/**/locale/*/**/*.intent", r"locale/([-\w]+)/", of_lines),
]
# Skills whose texts are under other terms, or which took them from elsewhere.
OTHER_TERMS = re.compile(r"tales|calculator|horoscope|days_in_history|quotes")
BY_ENDING = {"json": of_json, "mo": of_mo, "po": of_po}


def packages(corpus, folder):
    for source, license, pattern, tag, reader in FILES:
        for path in sorted(glob.glob(f"{folder}/{pattern}", recursive=True)):
            found = re.search(tag, path[len(folder):])
            if not found or OTHER_TERMS.search(path) or not os.path.isfile(path):
                continue
            own = reader or BY_ENDING.get(path.rsplit(".", 1)[-1])
            if own is None or source == "chromium" and re.search("FEMININE|MASCULINE|NEUTER", path):
                continue
            name = NOVEL.get(found.group(1)) if source == "renpy" else found.group(1).replace("_", "-").replace("sr@latin", "sr-Latn")
            if name:
                corpus.add(source, license, name, own(path))
    for path in sorted(glob.glob(f"{folder}/deb/usr/share/android-framework-res/*.apk")):
        for tag, texts in sorted(android(path).items()):
            corpus.add("android", "Apache-2.0", tag, texts)
