"""A quiz: one question, its choices, an explanation for every choice.

    ```{quiz} lstm-forget
    망각 게이트가 0이면 셀 상태는 어떻게 됩니까?

    - [ ] 그대로 남는다.
      > 그것은 1일 때입니다.
    - [x] 지워진다.
      > $f_t = 0$이면 앞의 셀 상태는 0배가 됩니다.
    ```

Without JavaScript the explanations stand in a <details>; quiz.js shows the chosen one at once
and remembers the choice in the reader's browser. Exactly one choice is right; ids are unique in
the whole book.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from phrase import phrase

logger = logging.getLogger(__name__)
CHOICE = re.compile(r"- \[(?P<mark>[ xX])\] (?P<text>.+)$")
WHY = re.compile(r"\s+> ?(?P<text>.*)$")


class quiz(nodes.General, nodes.Element):
    """Attributes: quiz_id. Children: quiz_question, quiz_choice…, quiz_why…"""


class quiz_question(nodes.General, nodes.Element):
    pass


class quiz_choice(nodes.General, nodes.Element):
    """Attributes: quiz_id, number."""


class quiz_why(nodes.General, nodes.Element):
    """Attributes: number, right."""


class QuizDirective(SphinxDirective):
    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise self.error(f"퀴즈 이름은 영어 소문자, 숫자, 붙임표로 씁니다: {name}")
        known = self.env.quiz_ids
        if known.get(
            name, self.env.docname
        ) != self.env.docname or name in self.env.temp_data.setdefault("quizzes", set()):
            raise self.error(f"퀴즈 이름이 겹칩니다: {name}")
        self.env.temp_data["quizzes"].add(name)
        known[name] = self.env.docname

        question, choices = self.split()
        right = [number for number, choice in enumerate(choices, 1) if choice["right"]]
        if len(choices) < 2 or len(right) != 1:
            raise self.error(f"퀴즈 {name}: 선택지는 둘 이상, 맞는 것은 하나여야 합니다")
        if not all(len(choice["why"]) for choice in choices):
            raise self.error(f"퀴즈 {name}: 선택지마다 풀이(>)가 있어야 합니다")

        whole = quiz(quiz_id=name)
        self.set_source_info(whole)
        whole += quiz_question()
        self.state.nested_parse(question, self.content_offset, whole[0])
        for number, choice in enumerate(choices, 1):
            whole += phrase(self, quiz_choice(quiz_id=name, number=number), choice["text"])
        for number, choice in enumerate(choices, 1):
            whole += phrase(self, quiz_why(number=number, right=choice["right"]), choice["why"])
        return [whole]

    def split(self):
        """(question, choices): pieces of the body as StringLists that know their lines."""
        question, choices = StringList(), []
        for source, offset, line in self.content.xitems():
            if choice := CHOICE.match(line):
                choices.append(
                    {"right": choice["mark"] != " ", "text": StringList(), "why": StringList()}
                )
                choices[-1]["text"].append(choice["text"], source, offset)
            elif not choices:
                question.append(line, source, offset)
            elif why := WHY.match(line):
                choices[-1]["why"].append(why["text"], source, offset)
            elif line.strip():
                choices[-1]["text"].append(line.strip(), source, offset)
        return question, choices


def visit_quiz(self, node):
    name = node["quiz_id"]
    self.body.append(
        f'<div class="quiz" id="quiz-{name}" data-quiz="{name}" role="radiogroup" '
        f'aria-labelledby="quiz-{name}-question">\n'
        '<p class="quiz-label" aria-hidden="true">퀴즈</p>\n'
    )


def depart_quiz(self, node):
    self.body.append("</ol></details>\n</div>\n")


def visit_question(self, node):
    self.body.append(f'<div class="quiz-question" id="quiz-{node.parent["quiz_id"]}-question">')


def depart_question(self, node):
    self.body.append("</div>\n")


def visit_choice(self, node):
    name, number = node["quiz_id"], node["number"]
    self.body.append(
        f'<div class="quiz-choice"><input type="radio" name="quiz-{name}" '
        f'id="quiz-{name}-{number}" value="{number}">'
        f'<label for="quiz-{name}-{number}">'
    )


def depart_choice(self, node):
    self.body.append("</label></div>\n")


def visit_why(self, node):
    if node["number"] == 1:
        self.body.append(
            '<div class="quiz-feedback" aria-live="polite"></div>\n'
            '<details class="quiz-answers"><summary>답과 풀이</summary><ol>\n'
        )
    verdict = ("right", "맞습니다.") if node["right"] else ("wrong", "아닙니다.")
    self.body.append(f'<li class="{verdict[0]}"><strong>{verdict[1]}</strong> ')


def depart_why(self, node):
    self.body.append("</li>\n")


def prepare(app):
    if not hasattr(app.env, "quiz_ids"):
        app.env.quiz_ids = {}


def purge(app, env, docname):
    env.quiz_ids = {
        name: doc for name, doc in getattr(env, "quiz_ids", {}).items() if doc != docname
    }


def link_assets(app, pagename, templatename, context, doctree):
    if pagename in app.env.quiz_ids.values():
        app.add_css_file("quiz.css")
        app.add_js_file("quiz.js")


def setup(app):
    app.add_node(quiz, html=(visit_quiz, depart_quiz))
    app.add_node(quiz_question, html=(visit_question, depart_question))
    app.add_node(quiz_choice, html=(visit_choice, depart_choice))
    app.add_node(quiz_why, html=(visit_why, depart_why))
    app.add_directive("quiz", QuizDirective)
    app.connect("builder-inited", prepare)
    app.connect("env-purge-doc", purge)
    app.connect("html-page-context", link_assets)
    return {"env_version": 2, "parallel_read_safe": False, "parallel_write_safe": True}
