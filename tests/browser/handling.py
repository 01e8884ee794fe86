"""A case in two browsers: whoever handles it in the office, and the person who gets the answer. In any language."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page

from accounts.acting import Program
from rights.letters import waiting
from rights.models import SubjectRequest
from rights.services.confirming import use_code
from rights.services.filing import Asked, file_request
from rights.services.receiving import Details
from tests.browser.test_every_page import faults
from tests.mail.letters import letters
from tests.rights.asking import CODE

WEB = Program("web form")
LINK = re.compile(r"http://[^/]+(/request/open/\S+)")


def said(language: str, text: str) -> str:
    with translation.override(language):
        return gettext(text)


def newest_code() -> str:
    return CODE.search(letters()[-1].text)[1]


def newest_link() -> str:
    """Where the newest email that holds a link leads."""
    return next(found[1] for letter in reversed(letters()) if (found := LINK.search(letter.text)))


def asked(right: str, language: str, email: str, **facts: Any) -> SubjectRequest:
    """Sent by the form, its address confirmed."""
    details = {"name": "Aino Virtanen", "home": "Rantatie 5 A 12"} | facts.pop("details", {})
    asked = Asked(right=right, details=Details(email=email, **details), **facts)
    case = file_request(asked=asked, language=language, mailed=True, by=WEB)
    return use_code(request=case, code=newest_code(), by=WEB)


@dataclass
class Browser:
    page: Page
    server: str
    language: str
    with_axe: bool = False
    seen: set[str] = field(default_factory=set)  # kinds of pages that axe has looked at

    def look(self) -> None:
        """What every page must be: in the language that was asked for, no wider than the window, clean."""
        page, address = self.page, self.page.url
        assert page.locator("html").get_attribute("lang") == self.language, address
        if self.with_axe and (kind := self._kind()) not in self.seen:
            self.seen.add(kind)
            assert faults(page) == [], address
            page.reports.clear()  # axe itself writes inline styles
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"wider than the window: {address}"

    def _kind(self) -> str:
        """The same page with other buttons, or in another step, is another one."""
        buttons = self.page.locator("main .button").evaluate_all("found => found.map(one => one.textContent)")
        return f"{re.sub('[0-9]+', '', self.page.url)} {buttons}"

    def go(self, path: str) -> int:
        answer = self.page.goto(self.server + path)
        self.look()
        return answer.status

    def press(self, what: str | Locator) -> None:
        """A button or a link that leads to a page."""
        found = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            found.click()
        self.look()

    def fill(self, **facts: str) -> None:
        for name, text in facts.items():
            self.page.locator(f"#id_{name}").fill(text)

    def choose(self, name: str, value: Any) -> None:
        self.page.locator(f"main input[name='{name}'][value='{value}']").check()

    def submit(self) -> None:
        """The form's own button, not the hidden one that takes the Enter key."""
        self.press("main form.fields p.actions button[type=submit]:not([name])")

    def says(self, text: str) -> None:
        """In the language of the pages."""
        self.page.locator("main").get_by_text(said(self.language, text)).first.wait_for()


class Handler(Browser):
    """At the page of a case, by clicks alone."""

    case: SubjectRequest

    @classmethod
    def at(cls, page: Page, server: str, width: int, language: str, *, with_axe: bool = False) -> "Handler":
        """Signed in, at a window of that width, in that language."""
        page.set_viewport_size({"width": width, "height": 844})
        with page.expect_navigation():
            page.locator(f"form.languages button[value='{language}']").click()
        return cls(page, server, language, with_axe)

    def open(self, case: SubjectRequest) -> None:
        """From the desk by the list."""
        self.case = case
        self.go(reverse("admin:index"))
        self.press(f"main a[href='{reverse('admin:requests')}']")
        self.press(f"main a[href='{reverse('admin:request', args=[case.pk])}']")

    def follow(self, name: str, *keys: int) -> None:
        address = reverse(f"admin:{name}", args=[self.case.pk, *keys])
        self.press(f"main a[href^='{address}']")

    def offers(self, name: str, *keys: int) -> bool:
        address = reverse(f"admin:{name}", args=[self.case.pk, *keys])
        return self.page.locator(f"main a[href='{address}'], main form[action='{address}']").count() > 0

    def back(self) -> None:
        """To the case, by the breadcrumbs."""
        self.press(f"nav.crumbs a[href='{reverse('admin:request', args=[self.case.pk])}']")

    def is_at_case(self) -> None:
        assert self.page.url == self.server + reverse("admin:request", args=[self.case.pk])

    def name_and_identify(self, person: Any) -> None:
        """The suggestion says why; the address that was confirmed is the register's."""
        assert not self.offers("request_identify")
        self.follow("request_match")
        choice = self.page.locator("main label").filter(has=self.page.locator(f"input[value='{person.pk}']"))
        reasons = f"{said(self.language, 'same name')}, {said(self.language, 'same email address')}"
        assert reasons in choice.inner_text()
        self.choose("person", person.pk)
        self.submit()
        self.is_at_case()
        self.follow("request_identify")
        self.choose("means", "contact")
        self.submit()
        self.says("The person is identified.")

    def take(self) -> None:
        self.press(f"form[action='{reverse('admin:request_handler', args=[self.case.pk])}'] button")
        self.is_at_case()
        assert self.now().handler == self.page.user

    def letter(self, done: str = "") -> str:
        """The text before it is sent, in the language of the request; then its preview, then it is sent."""
        text = self.page.locator("#id_text").input_value()
        if "{details}" in text:  # stands for the reason
            text = text.replace("{details}", self.page.locator("#id_because").input_value())
        if "{waiting}" in text:  # stands for whether the clock does
            stands_still = self.page.locator("#id_suspend").is_checked()
            with translation.override(self.case.language):
                text = text.replace("{waiting}", waiting(stands_still=stands_still))
        self.submit()
        shown = self.page.locator("main .letter")
        assert shown.get_attribute("lang") == self.case.language
        assert shown.locator(".letter-text").inner_text().split() == text.split()
        self.press("main button[name=confirm]")
        if done:
            self.says(done)
        if self.case.messages.latest("pk").sent_by == "paper":
            self.is_printed(text)
            self.back()
        self.is_at_case()
        return text

    def is_printed(self, text: str) -> None:
        """With the address and the letter, and nothing of the office's page."""
        self.page.emulate_media(media="print")
        assert self.page.locator("main .letter-text").inner_text().split() == text.split()
        assert self.page.locator("address.print-only").is_visible()
        assert not self.page.locator("header.top, nav.crumbs").first.is_visible()
        self.page.emulate_media(media="screen")

    def close(self, outcome: str, *grounds: str) -> str:
        """With its letter, whose text this gives."""
        self.follow("request_close")
        self.choose("outcome", outcome)
        for ground in grounds:
            self.choose("grounds", ground)
        self.submit()
        text = self.letter("The request is closed.")
        now = self.now()
        assert (now.state, now.outcome, tuple(now.refused_because)) == ("closed", outcome, grounds)
        letter = now.messages.filter(direction="out").latest("pk")
        assert (letter.text.reveal().split(), letter.language) == (text.split(), self.case.language)
        return text

    def wait(self, address: str) -> None:
        """Looks again until the worker is done."""
        again = self.page.locator(f"main p a[href='{address}']").get_by_text(said(self.language, "Look again"))
        for _turn in range(100):
            if not again.count():
                return
            self.page.wait_for_timeout(300)
            self.press(again)
        raise AssertionError("the worker was not done in time")

    def wait_for_package(self) -> str:
        package = self.case.packages.get()
        self.wait(reverse("admin:request_package", args=[self.case.pk, package.pk]))
        package.refresh_from_db()
        return package.state

    def prepare_package(self) -> None:
        self.follow("request_package_new")
        assert self.page.locator("#id_language").input_value() == self.case.language
        self.submit()
        self.wait_for_package()

    def read_texts(self, told: Callable[[str], str]) -> Counter[str]:
        """Each queued text: given as it is, or as `told` makes it. How often which was decided."""
        package, decisions = self.case.packages.get(), Counter()
        self.press(f"main .actions a[href*='/package/{package.pk}/text/']")
        while self.page.locator("input[name=decision]").count():
            text = self.page.locator("section.panel p.read").inner_text()
            given = told(text)
            decision = "include" if given == text else "redact"
            self.choose("decision", decision)
            if decision == "redact":
                self.fill(redacted=given)
            self.submit()
            decisions[decision] += 1
        assert self.wait_for_package() == "ready"
        assert sum(decisions.values()) == package.items.count()
        return decisions

    def hand_over(self, way: str = "link") -> None:
        package = self.case.packages.get()
        assert package.state == "ready"
        self.follow("request_package_hand_over", package.pk)
        self.choose("way", way)
        self.submit()

    def now(self) -> SubjectRequest:
        return SubjectRequest.objects.get(pk=self.case.pk)

    def did(self) -> list[str]:
        """Since the address was confirmed and the receipt was sent."""
        return list(self.case.steps.order_by("pk").values_list("did", flat=True))[3:]


class Reader(Browser):
    """The person at home, with the email before them."""

    def open_link(self) -> None:
        """As far as the code."""
        assert self.go(newest_link()) == 200
        self.press("main form button")
        self.fill(code=newest_code())

    def is_refused(self, link: str) -> None:
        """Politely, with a way to a new link, which comes to the same address."""
        assert self.go(link) == 410
        self.says("This link is not valid")
        before = newest_link()
        self.press("main button[name=again]")
        self.says("Look at your email")
        assert newest_link() not in (before, link)

    def read(self, text: str) -> None:
        """The newest letter, by its link and a code."""
        self.open_link()
        self.submit()
        assert self.page.locator(".letter-text").inner_text().split() == text.split()

    def download(self) -> dict[str, bytes]:
        """The newest package, by its link and a code."""
        self.open_link()
        with self.page.expect_download() as download:
            self.page.locator("main form.fields p.actions button").first.click()
        with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}
