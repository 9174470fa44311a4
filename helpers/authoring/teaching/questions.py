"""`author questions`: the questions for Moodle (GIFT), for other platforms (QTI 2.1), and on paper."""

import argparse
import html
import os
import pathlib
import re
import xml.etree.ElementTree as ElementTree
import zipfile

from helpers import deck, question
from helpers.core import option_order, scratch, texts

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
FILES = {"gift": "questions.gift", "qti": "questions-qti.zip", "paper": "quiz.html"}
KEY = "quiz-key.html"
STYLE = """
body { font: 12pt/1.4 Arial, "Liberation Sans", Helvetica, sans-serif; max-width: 46em; }
body { margin: 1em auto; padding: 0 1em; }
section { break-inside: avoid; margin: 0 0 1.2em; } h1 { font-size: 1.3em; } h2 { font-size: 1em; margin: 0; }
ol { list-style: none; padding: 0; margin: 0.3em 0; } li { margin: 0.2em 0; padding-left: 1.6em; }
code { overflow-wrap: anywhere; } .name { border-bottom: 1px solid; padding-bottom: 0.3em; }
"""
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `author questions` to a parser."""
    parser.add_argument("kind", choices=FILES, help="gift: for Moodle; qti: QTI 2.1; paper: with a key apart")
    parser.add_argument("--lesson", default="", choices=deck.lessons(), help="only one lesson, as 04")
    parser.add_argument("--level", default="", choices=deck.LEVELS, help="only one level")
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the file goes (default: scratch/questions)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author questions`; returns 0, or 1 when nothing is chosen or the folder cannot be written."""
    items = deck.choose(arguments.lesson, arguments.level)
    if not items:
        print("No question has this lesson and this level. Choose another level or all lessons.")
        return 1
    folder = arguments.to or scratch.writable() / "questions"
    path = folder / FILES[arguments.kind]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if arguments.kind == "gift":
            path.write_text(gift(items), encoding="utf-8")
        elif arguments.kind == "qti":
            write_qti(path, items)
        else:
            path.write_text(paper(items, key=False), encoding="utf-8")
            path.with_name(KEY).write_text(paper(items, key=True), encoding="utf-8")
    except OSError as error:
        print(f"{folder} cannot be written ({error.strerror}). Choose another folder with --to.")
        return 1
    more = f" The key is {KEY} beside it." if arguments.kind == "paper" else ""
    print(f"{len(items)} questions are in {path}.{more}")
    return 0


def reasons(entry: dict, key: str) -> list[str]:
    """What a learner reads after an option: its reason, and why the question matters."""
    return [entry["options"][key]["why"], texts.words("matters", text=entry["matters"])]


def gift(items: dict[str, dict]) -> str:
    """The questions in Moodle's GIFT format, with feedback for every option, a category for each lesson."""
    parts, lesson = [], ""
    for identifier, entry in items.items():
        if identifier[:2] != lesson:
            lesson = identifier[:2]
            parts.append(f"$CATEGORY: $course$/Saved for Good/{lesson}")
        options = "\n".join(
            f"  {'=' if key == entry['right'] else '~'}{_gift(option['text'])}#{_gift(option['why'])}"
            for key, option in entry["options"].items()
        )
        prompt = f"{texts.words(entry['kind'])}: {entry['prompt']}"
        general = _gift(texts.words("matters", text=entry["matters"]))
        parts.append(f"::{_gift(identifier)}::[html]{_gift(prompt)}{{\n{options}\n  ####{general}\n}}")
    return "\n\n".join(parts) + "\n"


def _gift(words: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", question.marked(words))


def write_qti(path: pathlib.Path, items: dict[str, dict]) -> None:
    """Write the questions as a package of QTI 2.1: one item each, and the manifest."""
    manifest = ElementTree.Element("manifest", {"xmlns": PACKAGE, "identifier": "saved-for-good"})
    ElementTree.SubElement(manifest, "organizations")
    resources = ElementTree.SubElement(manifest, "resources")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for identifier, entry in items.items():
            name = f"{identifier}.xml"
            resource = ElementTree.SubElement(
                resources,
                "resource",
                {"identifier": f"q{identifier}", "type": "imsqti_item_xmlv2p1", "href": name},
            )
            ElementTree.SubElement(resource, "file", {"href": name})
            package.writestr(name, _xml(qti(identifier, entry)))
        package.writestr("imsmanifest.xml", _xml(manifest))


def qti(identifier: str, entry: dict) -> ElementTree.Element:
    """One question as an item of QTI 2.1; the platform shuffles, scores and shows the option's reason."""
    facts = {"xmlns": QTI, "identifier": f"q{identifier}", "title": identifier}
    item = ElementTree.Element("assessmentItem", facts | {"adaptive": "false", "timeDependent": "false"})
    _under(item, "responseDeclaration/correctResponse/value", "RESPONSE", "identifier").text = entry["right"]
    _under(item, "outcomeDeclaration/defaultValue/value", "SCORE", "float").text = "0"
    _under(item, "outcomeDeclaration", "FEEDBACK", "identifier")
    body = ElementTree.SubElement(item, "itemBody")
    choice = ElementTree.SubElement(
        body, "choiceInteraction", {"responseIdentifier": "RESPONSE", "shuffle": "true", "maxChoices": "1"}
    )
    prompt = ElementTree.SubElement(choice, "prompt")
    _fill(prompt, f"**{texts.words(entry['kind'])}:** {entry['prompt']}")
    for key, option in entry["options"].items():
        _fill(ElementTree.SubElement(choice, "simpleChoice", {"identifier": key}), option["text"])
    item.append(ElementTree.fromstring(PROCESSING))
    for key in entry["options"]:
        modal = ElementTree.SubElement(
            item,
            "modalFeedback",
            {"outcomeIdentifier": "FEEDBACK", "identifier": key, "showHide": "show"},
        )
        for line in reasons(entry, key):
            _fill(ElementTree.SubElement(modal, "p"), line)
    return item


PROCESSING = """<responseProcessing><responseCondition><responseIf>
<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
</responseIf></responseCondition>
<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>
</responseProcessing>"""


def _under(item: ElementTree.Element, steps: str, identifier: str, kind: str) -> ElementTree.Element:
    first, *rest = steps.split("/")
    facts = {"identifier": identifier, "cardinality": "single", "baseType": kind}
    here = ElementTree.SubElement(item, first, facts)
    for step in rest:
        here = ElementTree.SubElement(here, step)
    return here


def _fill(parent: ElementTree.Element, words: str) -> None:
    """Put a text with its marks into an element, as XHTML."""
    marked = question.marked(words).replace("<br>", "<br/>")
    inner = ElementTree.fromstring(f"<x>{marked}</x>")
    parent.text = inner.text
    parent.extend(inner)


def _xml(element: ElementTree.Element) -> bytes:
    return ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)


def paper(items: dict[str, dict], key: bool, title: str = "") -> str:
    """The questions as a page to print, with lettered options; or the key to it, with the reasons."""
    parts = [] if key else [f'<p class="name">{html.escape(texts.words("paper_name"))}</p>']
    made = solved if key else asked
    parts += [made(number, *item) for number, item in enumerate(items.items(), start=1)]
    return PAGE.format(
        language=html.escape(os.environ.get("COURSE_LANGUAGE", "en")),
        title=html.escape(title or ("Saved for Good: the key" if key else "Saved for Good: questions")),
        style=STYLE,
        body="".join(parts),
    )


def asked(number: int, identifier: str, entry: dict) -> str:
    """A question on paper: its number and kind, the text, a letter and a box for each option."""
    lines = "".join(
        f"<li><strong>{letter}</strong> ☐ {question.marked(entry['options'][one]['text'])}</li>"
        for one, letter in _letters(identifier, entry).items()
    )
    head = f"<h2>{number} · {html.escape(texts.words(entry['kind']))}</h2>"
    return f"<section>{head}<p>{question.marked(entry['prompt'])}</p><ol>{lines}</ol></section>"


def solved(number: int, identifier: str, entry: dict) -> str:
    """The answer to a question on paper: its number, the right letter, and the reason of each option."""
    letters = _letters(identifier, entry)
    lines = "".join(
        f"<li><strong>{letter}</strong>{' ✓' if one == entry['right'] else ''} · "
        f"{question.marked(entry['options'][one]['why'])}</li>"
        for one, letter in letters.items()
    )
    head = f"<h2>{number} · {letters[entry['right']]} · {html.escape(identifier)}</h2>"
    return f"<section>{head}<ol>{lines}</ol></section>"


def _letters(identifier: str, entry: dict) -> dict[str, str]:
    return option_order.letters(option_order.printed(identifier, list(entry["options"])))
