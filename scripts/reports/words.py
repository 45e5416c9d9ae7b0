"""Checks that a report says the same in every format: each word of its JSON form stands in the other forms.

    words.py NAME...     reads NAME.json, NAME.html, NAME.pdf (with pdftotext and qpdf) and NAME.docx

Words are compared and not lines, because each format breaks lines and tables in its own way.
"""

import html.parser
import json
import re
import subprocess
import sys
import zipfile

# What a format spells in its own way: soft hyphens and spaces that do not break.
SILENT = dict.fromkeys(map(ord, "\u00ad\u200b\u2060"))


def words(text):
    """The words of a text without signs at their ends."""
    return {word for word in (w.strip(".,;:()“”’[]") for w in re.split(r"[\s\u00a0\u202f]+", text.translate(SILENT))) if word}


def facts(report):
    """All words of a report."""
    text = [report["title"], report["subtitle"]]
    for section in report["sections"]:
        text.append(section["heading"])
        for block in section["blocks"]:
            (kind, content), = block.items()
            if kind == "table":
                cells = [head["words"] for head in content["head"]] + [cell for row in content["rows"] for cell in row]
                text += [content["caption"], *cells]
            elif kind == "chart":
                text += [content["caption"], content["words"]]
            elif kind == "figures":
                text += [part for figure in content for part in (figure["value"], figure["words"])]
            elif isinstance(content, list):
                text += content
            else:
                text.append(content)
    return words(" ".join(text))


class Page(html.parser.HTMLParser):
    """The text of a page, with the alternative texts of its pictures."""

    def __init__(self):
        super().__init__()
        self.text = []

    def handle_data(self, data):
        self.text.append(data)

    def handle_starttag(self, tag, attrs):
        self.text += [value for name, value in attrs if name in ("aria-label", "alt") and value]


def of_html(path):
    page = Page()
    page.feed(open(path, encoding="utf-8").read())
    return " ".join(page.text)


def of_pdf(path):
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
    objects = subprocess.run(["qpdf", "--json", path], capture_output=True, check=True, text=True).stdout
    alternatives = [value[2:] for value in values(json.loads(objects), "/Alt")]
    # A long word is broken over lines.
    return " ".join([text, text.replace("\n", ""), *alternatives])


def values(tree, name):
    """All strings under a name, anywhere in a tree."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if key == name and isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)):
            yield from values(value, name)


def of_docx(path):
    xml = zipfile.ZipFile(path).read("word/document.xml").decode("utf-8")
    alternatives = re.findall(r'descr="([^"]*)"', xml)
    text = re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:tab/>|<w:br/>", " ", xml))
    return html.unescape(" ".join([text, *alternatives]))


def main(names):
    failed = False
    for name in names:
        every = facts(json.load(open(f"{name}.json", encoding="utf-8")))
        for read, ending in ((of_html, "html"), (of_pdf, "pdf"), (of_docx, "docx")):
            missing = sorted(every - words(read(f"{name}.{ending}")))
            print(f"{name}.{ending}: {len(every) - len(missing)} of {len(every)} words", *missing[:20])
            failed |= bool(missing)
    sys.exit(failed)


main(sys.argv[1:])
