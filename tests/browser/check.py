#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks of the HTML report in a browser. usage: check.py SUITE CHECK PAGE... (PAGE.html and its PAGE.json)"""
import json
import math
import re
import subprocess
import sys
import tempfile
from urllib.parse import unquote

from browser import Browser

SIZES = ((390, True), (1280, False))

# Everything with an exact value, and what people see of it.
NUMBERS = """Array.from(document.querySelectorAll('[data-at]'), e => ({
    at: e.dataset.at, value: e.getAttribute('value') ?? e.dataset.value,
    text: e.tagName == 'DATA' ? e.textContent : e.querySelector('title').textContent,
    kind: e.tagName.toLowerCase()}))"""
# Text outside of these numbers, of pictures' axes and of programs' names.
WORDS = """(() => { const copy = document.body.cloneNode(true);
    copy.querySelectorAll('data,svg,style').forEach(e => e.remove());
    const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), all = [];
    while (walk.nextNode()) all.push(walk.currentNode.data);
    return all; })()"""
SCALES = {"": 1, "ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "%": 0.01}


def at(document, pointer):
    """RFC 6901"""
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


def shown_as(text, value):
    """Does the text of a number round to its value? Integers are shown for what is nearly one: docs/method.md."""
    match = re.search(r"(-?[\d,]+(?:\.\d+)?(?:e[-+]?\d+)?)(?:\s*(ns|us|ms|s|%)(?!\w))?", text)
    if not match:
        return False
    number = float(match[1].replace(",", "")) * SCALES[match[2] or ""]
    return math.isclose(number, value, rel_tol=5e-3, abs_tol=0.1 if "." not in match[1] else 5e-4) or \
        math.isclose(number, max(0, value), rel_tol=0.5, abs_tol=5e-3)


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, dict):
        for key, item in node.items():
            yield key
            yield from strings(item)


def numbers(browser, page, report):
    """Every number of the page is the report's, at the place that it names."""
    document = json.load(open(report, encoding="utf-8"))
    browser.open(page)
    found = browser.evaluate(NUMBERS)
    for number in found:
        value = at(document, number["at"])
        assert math.isclose(float(number["value"]), value, rel_tol=1e-9), (number, value)
        assert shown_as(number["text"].rsplit(":", 1)[-1] if number["kind"] == "circle" else number["text"], value), number
    assert len(found) > 10, found
    # What is left are names, sentences and facts of the file; and a few words of the page's own.
    known = "\n".join(strings(document)) + "\n2026 1,000 exit_stats_hist=1"
    for text in browser.evaluate(WORDS):
        for word in re.findall(r"\S*\d\S*", text):
            assert word.strip(".,;:()") in known or re.fullmatch(r"\d+ ?kB|\d+", word), (word, text)
    print(f"{len(found)} numbers")


def shares(browser, page, _report):
    """Bars are as long as their numbers say, and stacked without gaps."""
    browser.open(page)
    bars = browser.evaluate("""Array.from(document.querySelectorAll('#overview .row svg[role=img]'), s =>
        Array.from(s.querySelectorAll('.one rect'), r => [parseFloat(r.getAttribute('x')),
            parseFloat(r.getAttribute('width')), parseFloat(r.dataset.value)]))""")
    scales = [width / value for bar in bars for _, width, value in bar]
    assert scales and max(scales) - min(scales) < 1e-3 * max(scales) + 1e-3, scales
    # On its own scale the longest bar of a workload fills the width.
    longest = browser.evaluate("""Array.from(document.querySelectorAll('#overview li.row'), row =>
        Math.max(...Array.from(row.querySelectorAll('.own'), g => Array.from(g.querySelectorAll('rect'),
            r => parseFloat(r.getAttribute('width'))).reduce((a, b) => a + b, 0))))""")
    assert longest and all(abs(width - 100) < 0.01 for width in longest), longest
    for bar in bars:
        for (x, width, _), (after, _, _) in zip(bar, bar[1:]):
            assert abs(x + width - after) < 1e-3, bar


def quiet(browser, page, _report):
    """No complaint, no request, no script, at both sizes and in all schemes; nothing wider than the screen."""
    ground = set()
    for width, mobile in SIZES:
        for scheme in ("light", "dark", "print"):
            browser.open(page, width=width, mobile=mobile, scheme=scheme)
            assert not browser.complaints(), browser.complaints()
            # No paper is as narrow as a phone.
            if (scheme, mobile) != ("print", True):
                assert browser.evaluate("document.documentElement.scrollWidth") <= width, (width, scheme)
            assert browser.evaluate("document.scripts.length") == 0
            ground.add((scheme, browser.evaluate("getComputedStyle(document.body).backgroundColor")))
    assert len({colour for _, colour in ground}) == 3, ground
    unnamed = browser.evaluate("""Array.from(document.querySelectorAll('svg:not([aria-hidden])')).filter(s =>
        s.getAttribute('role') != 'img' || !s.firstElementChild || s.firstElementChild.tagName != 'title' ||
        !s.firstElementChild.textContent.trim()).length""")
    assert unnamed == 0, f"{unnamed} pictures without a text"


def clicks(browser, page, _report):
    """Everything that can be clicked, clicked; then the same by keyboard."""
    browser.open(page)
    point = """(e => { e.scrollIntoView({block: 'center', behavior: 'instant'});
        const b = e.getBoundingClientRect(); return [b.x + Math.min(20, b.width / 2), b.y + b.height / 2]; })"""
    count = browser.evaluate("document.querySelectorAll('summary').length")
    for n in range(count):
        element = f"document.querySelectorAll('summary')[{n}]"
        before = browser.evaluate(element + ".parentNode.open")
        if not browser.evaluate(element + ".checkVisibility()"):
            continue
        browser.click(*browser.evaluate(f"{point}({element})"))
        assert browser.evaluate(element + ".parentNode.open") != before, n
    assert count > 3, count
    longest = "Math.max(...Array.from(document.querySelectorAll('#overview .row:last-of-type rect'), " \
              "r => r.getBoundingClientRect().width))"
    width = {}
    for scale in ("one", "own", "one"):
        browser.click(*browser.evaluate(f"{point}(document.querySelector('input[value={scale}]'))"))
        width.setdefault(scale, []).append(browser.evaluate(longest))
    assert width["own"][0] > 1.1 * width["one"][0] and width["one"][0] == width["one"][1], width
    for n in range(browser.evaluate("document.querySelectorAll('nav a').length")):
        browser.click(*browser.evaluate(f"{point}(document.querySelectorAll('nav a')[{n}])"))
        assert browser.evaluate(f"document.querySelector(location.hash) != null && "
                                f"location.hash == document.querySelectorAll('nav a')[{n}].getAttribute('href')"), n
    assert not browser.complaints(), browser.complaints()
    keyboard(browser, page)


def keyboard(browser, page):
    browser.open(page)
    wanted = browser.evaluate("document.querySelectorAll('a[href],summary,input:checked,[tabindex]').length")
    reached = set()
    for _ in range(2 * wanted):
        browser.key("Tab", 9)
        reached.add(browser.evaluate("""(e => e.matches('summary,a,input,[tabindex]') ?
            Array.from(document.querySelectorAll('*')).indexOf(e) : -1)(document.activeElement)"""))
        if browser.evaluate("document.activeElement.matches('.work > summary')"):
            break
    assert len(reached) > 5, reached
    if browser.evaluate("document.activeElement.matches('.work > summary')"):
        browser.key("Enter", 13, "\r")
        assert browser.evaluate("document.activeElement.parentNode.open"), "Enter opens nothing"


def folds(browser, page, _report):
    """On paper nothing is folded away."""
    browser.open(page, scheme="print")
    hidden = browser.evaluate("""Array.from(document.querySelectorAll('details'), d =>
        d.querySelector(':scope > :not(summary)').getBoundingClientRect().height).filter(h => h == 0).length""")
    assert hidden == 0, f"{hidden} folds would not be printed"
    assert browser.pdf().startswith(b"%PDF")


def contrast(browser, page, _report):
    """WCAG 2.2 AA: 4.5 to 1 for text."""
    script = """(() => { const light = c => { const v = c.map(x => (x /= 255) <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
    const parse = c => c.match(/[\\d.]+/g).map(Number);
    const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
        if (c.length < 4 || c[3] > .5) return c.slice(0, 3); } return [255, 255, 255]; };
    let worst = [99, ''];
    document.querySelectorAll('details').forEach(d => d.open = true);
    document.querySelectorAll('main *, header *, footer *').forEach(e => {
        if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) || e.closest('svg,nav')) return;
        const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(ground(e));
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 80)]; });
    return worst; })()"""
    for scheme in ("light", "dark"):
        browser.open(page, scheme=scheme)
        ratio, where = browser.evaluate(script)
        assert ratio >= 4.5, (scheme, ratio, where)
        print(f"{scheme}: {ratio:.1f}")


def downloads(browser, page, report):
    """The files in the page are whole: the suite makes the same report of them."""
    browser.open(page)
    links = browser.evaluate("Array.from(document.querySelectorAll('a[download]'), a => [a.download, a.href])")
    names = []
    with tempfile.TemporaryDirectory() as folder:
        for n, (name, href) in enumerate(links):
            data = browser.evaluate(f"atob(document.querySelectorAll('a[download]')[{n}].href.split(',')[1])")
            path = f"{folder}/{n}-{unquote(name).replace('/', '_')}"[:200]
            with open(path, "w", encoding="latin-1") as out:
                out.write(data)
            names.append(path)
            assert href.startswith("data:application/json;base64,")
        raw = json.load(open(names[-1], encoding="utf-8"))
        expected = json.load(open(report, encoding="utf-8"))
        assert raw == expected, "report.json in the page is not the report"
        again = json.loads(subprocess.run([sys.argv[1], "report", "--json", *names[:-1]], check=True,
                                          stdout=subprocess.PIPE).stdout)
        sides = lambda r: [s["workloads"] for s in r.get("sides", [r])]
        assert sides(again) == sides(expected), "the raw data in the page is not the file's"
    print(len(links), "files")


def hostile(browser, page, _report):
    """Names are text, wherever they stand."""
    quiet(browser, page, None)
    assert browser.evaluate("document.title").startswith("VM exits per operation")
    for bad in ("script", "img", "iframe", "object", "[onerror]", "[onclick]", "[onload]", "a[href^=javascript]",
                "main style", "body > title"):
        assert browser.evaluate(f"document.querySelectorAll({json.dumps(bad)}).length") == 0, bad
    # The same elements as with good names: nothing was opened or closed.
    assert browser.evaluate("document.querySelectorAll('section').length") == 7
    assert browser.evaluate("document.querySelector('footer') != null && "
                            "document.querySelector('footer').parentNode == document.body")
    assert browser.evaluate("document.body.textContent.includes('<script>document.title')")
    height = browser.evaluate("Math.max(...Array.from(document.querySelectorAll('.name'), e => e.offsetHeight))")
    assert height < 200, f"a name of 10 kB is {height} pixels high"


def main():
    check = globals()[sys.argv[2]]
    with Browser() as browser:
        for page in sys.argv[3:]:
            print(f"{sys.argv[2]}: {page}")
            check(browser, page + ".html", page + ".json")


main()
