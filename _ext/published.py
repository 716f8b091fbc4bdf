"""What a site on the web has beside its pages: an address, 404.html, sitemap.xml, robots.txt.

The address is `html: baseurl` of _config.yml, else the hosting repository's on GitHub Pages. Where
there is neither, 404.html takes the site to lie at its server's root, and the rest is not made.
"""

import re
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import repository

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""
RELATIVE = re.compile(r'((?:href|src|action|data-content_root)=")(?![#/]|[a-z]+:)(?:\./)?')


def find_address(app, config):
    repo = repository.address(app).removeprefix("https://github.com/")
    if not config.html_baseurl and re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        owner, name = repo.lower().split("/")[0], repo.split("/")[1]
        folder = "" if name.lower() == f"{owner}.github.io" else f"{name}/"
        config.html_baseurl = f"https://{owner}.github.io/{folder}"


def not_found(app):
    yield "404", {"title": "페이지를 찾을 수 없습니다", "pageurl": None}, "404.html"


def write(app, exception):
    if exception or app.builder.format != "html":
        return
    out, address = Path(app.outdir), app.config.html_baseurl
    page = out / "404.html"       # shown at any depth, so that no link in it may be relative
    base = urlsplit(address).path or "/"
    page.write_text(RELATIVE.sub(rf"\g<1>{base}", page.read_text("utf-8")), "utf-8")
    if address:
        pages = [urljoin(address, quote(app.builder.get_target_uri(name)))
                 for name in sorted(app.env.found_docs)]
        urls = "\n".join(f"<url><loc>{page}</loc></url>" for page in pages)
        (out / "sitemap.xml").write_text(SITEMAP.format(urls), "utf-8")
        sitemap = urljoin(address, "sitemap.xml")
        (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {sitemap}\n", "utf-8")


def setup(app):
    app.connect("config-inited", find_address)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
