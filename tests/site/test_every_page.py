"""Every page, on a phone and on a desk, by day and by night."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from pages import Book

PAGES = [*(f"{page.name}.html" for page in Book().pages), "search.html"]
WIDTHS = [390, 1280]
BUDGET = 400_000  # bytes over the wire at a first visit, Python excluded


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_page(path, width, visit, violations):
    page, watch = visit(path, width=width, color_scheme="light", reduced_motion="reduce")
    leaf_through(page)
    page.wait_for_load_state("networkidle")
    assert watch.external == []
    assert watch.failed == []
    assert watch.console == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, overflowing(page)

    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.wait_for_timeout(200)  # transitions
    assert violations(page, rules=["color-contrast"]) == []


def leaf_through(page):
    """Scroll from top to end as a reader does: sections, figures and boxes wake up on the way."""
    page.evaluate("""async () => {
        for (let y = 0; y < document.body.scrollHeight; y += innerHeight * 0.8) {
            scrollTo(0, y);
            await new Promise(done => requestAnimationFrame(() => setTimeout(done, 15)));
        }
    }""")
    page.wait_for_timeout(150)


def overflowing(page):
    return page.evaluate("""() => [...document.querySelectorAll("main *")].filter(
        element => element.getBoundingClientRect().right > innerWidth + 1
    ).slice(0, 5).map(element => element.outerHTML.slice(0, 200))""")


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_is_light(path, visit, site):
    before = len(site.log)
    page, _ = visit(path, width=390)
    leaf_through(page)
    page.wait_for_load_state("networkidle")
    sent = [(file, size) for _, file, size in site.log[before:]]
    assert sum(size for _, size in sent) <= BUDGET, sorted(sent, key=lambda s: -s[1])


@pytest.mark.parametrize("path", PAGES)
def test_every_character_is_set_in_a_shipped_font(path, read):
    """Asked of the browser, element by element: no system font, so no missing glyph anywhere."""
    page = read(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)      # what scripts draw into the page
    protocol = page.context.new_cdp_session(page)
    protocol.send("DOM.enable")
    protocol.send("CSS.enable")
    page.evaluate("""() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode());)
            if (node.data.trim() && !node.parentElement.closest("script, style, noscript, math"))
                node.parentElement.dataset.glyphs = "";
    }""")
    root = protocol.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    elements = protocol.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-glyphs]"})[
        "nodeIds"
    ]
    assert elements
    foreign = {}
    for element in elements:
        fonts = protocol.send("CSS.getPlatformFontsForNode", {"nodeId": element})["fonts"]
        for font in fonts:
            if not font["isCustomFont"]:
                html = protocol.send("DOM.getOuterHTML", {"nodeId": element})["outerHTML"]
                foreign.setdefault(font["familyName"], []).append(html[:120])
    assert foreign == {}
    protocol.detach()


@pytest.mark.parametrize("path", PAGES)
def test_the_interface_speaks_korean(path, read):
    """Nothing that a reader meets around the text is English, aloud or in print."""
    page = read(path)
    words = page.evaluate("""() => {
        const words = [];
        for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]"))
            if (!element.matches(".reference, svg.figure *"))
                for (const name of ["aria-label", "placeholder", "title"])
                    if (element.hasAttribute(name)) words.push(element.getAttribute(name));
        const spoken = "button, summary, .skip-link, .turn small, .admonition-title";
        for (const element of document.querySelectorAll(spoken))
            if (element.textContent.trim() && !element.closest("[data-finder]"))
                words.push(element.textContent.trim());
        return words;
    }""")
    assert [
        word for word in words if re.search("[A-Za-z]{3}", word) and not re.search("[가-힣]", word)
    ] == []
    assert page.evaluate("document.documentElement.lang") == "ko"


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique(path, read):
    twice = read(path).evaluate("""() => {
        const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
        return ids.filter((id, k) => ids.indexOf(id) !== k);
    }""")
    assert twice == []


def test_every_link_inside_the_book_leads_somewhere(site):
    """Pages and anchors, read from the files."""
    pages = {file: file.read_text("utf-8") for file in site.root.rglob("*.html")}
    ids = {file: set(re.findall(r'\bid="([^"]+)"', text)) for file, text in pages.items()}
    base = re.search('data-content_root="([^"]+)"', pages[site.root / "404.html"])[1]
    dead = []
    for file, text in pages.items():
        for link in set(re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = unquote(unescape(link)).partition("#")
            if path.startswith(base):
                path = site.root / path.removeprefix(base)
            target = (file.parent / path).resolve() if path else file
            if target.is_dir():
                target /= "index.html"
            if not target.is_file() or (anchor and target in ids and anchor not in ids[target]):
                dead.append(f"{file.relative_to(site.root)} -> {link}")
    assert dead == []


def test_no_reference_says_its_number_twice(read):
    references = read("chapters/references.html").locator(".citation").all_inner_texts()
    numbers = [re.findall(r"(?:arXiv|doi):\S+(?=\.)", reference) for reference in references]
    assert any(numbers)
    assert [found for found in numbers if len(found) > len(set(found))] == []


def test_the_front_door_opens_the_book(visit):
    page, watch = visit("", java_script_enabled=False)
    page.wait_for_url("**/chapters/index.html")
    assert watch.failed == []


def test_no_solution_and_no_source_is_published(site):
    for file in site.root.rglob("*"):
        assert "_sources" not in file.parts
        if file.suffix in (".html", ".js", ".json", ".ipynb", ".md", ".txt"):
            assert "BEGIN SOLUTION" not in file.read_text("utf-8", errors="ignore"), file
