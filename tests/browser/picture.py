#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pictures of an HTML report for the README. usage: picture.py PAGE FOLDER"""
import sys

from browser import Browser

# Name, width, colour scheme, elements from the first to the last of which the picture reaches, most height.
PICTURES = (
    ("report-light", 1080, "light", "header", ".tiles", 560),
    ("report-dark", 1080, "dark", "header", ".tiles", 560),
    ("overview-light", 1080, "light", "#overview", "#overview", 1300),
    ("overview-dark", 1080, "dark", "#overview", "#overview", 1300),
    ("time-light", 1080, "light", "#handling", "#handling .rows + .hist", 900),
    ("time-dark", 1080, "dark", "#handling", "#handling .rows + .hist", 900),
    ("phone-light", 390, "light", "header", "#answers", 1000),
    ("phone-dark", 390, "dark", "#overview", "#overview", 1000),
)

# The workload that costs most, unfolded; the bar that follows the reader is in the way.
PREPARE = """(() => {
    const first = document.querySelector('#overview .row .name').firstChild.data.trim();
    for (const work of document.querySelectorAll('.work'))
        work.open = work.querySelector('.name').firstChild.data.trim() == first;
    document.querySelector('nav').style.position = 'static';
})()"""


def box(browser, first, last, width, most):
    y, bottom = browser.evaluate(f"""[document.querySelector({first!r}).getBoundingClientRect().top + scrollY,
        document.querySelector({last!r}).getBoundingClientRect().bottom + scrollY]""")
    y = max(0, y - 8)
    return {"x": 0, "y": y, "width": width, "height": min(bottom + 8 - y, most)}


def main():
    page, folder = sys.argv[1:]
    with Browser() as browser:
        for name, width, scheme, first, last, most in PICTURES:
            browser.open(page, width=width, scheme=scheme, mobile=width < 600)
            browser.evaluate(PREPARE)
            browser.screenshot(f"{folder}/{name}.png", clip=box(browser, first, last, width, most), whole=True)


main()
