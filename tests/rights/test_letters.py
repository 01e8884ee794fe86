"""Letters: shipped in three languages, changed by the office, filled in once, sent by a link alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from consent.links import LinkNotValid
from rights.forms.cases import AskIdentityForm
from rights.letters import LETTERS, NEEDED, PLACE, PLACES, letter_for, shipped
from rights.models import LetterTemplate, OneTimeLink, RequestMessage
from rights.services.letters import change_template
from rights.services.links import link_of, purge_links, send_code, use_link
from rights.services.messages import take_message, write_message
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", LETTERS)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_shipped_letter_is_there_in_each_language_with_what_the_law_asks(code, language):
    subject, text = shipped(code)
    places = set(PLACE.findall(subject[language] + text[language]))

    assert subject[language]
    assert places <= set(PLACES)
    assert set(NEEDED.get(code, ())) <= places
    assert {"name", "office"} <= places


@pytest.mark.parametrize(
    ("language", "says", "provision"),
    [("fi", "Päätös", "12 artiklan 5 kohta"), ("sv", "Beslut", "artikel 12.5"), ("en", "Decision", "Art. 12(5)")],
)
def test_a_refusal_says_its_grounds_and_how_to_complain_in_the_persons_language(case, language, says, provision):
    letter = letter_for(case(language=language), "refusal", grounds=("excessive",))

    assert letter.subject.startswith(says)
    assert provision in letter.text
    assert "tietosuoja.fi" in letter.text
    assert "{" not in letter.text


LACK_OF_TIME = {"fi": "Emme ehdi", "sv": "hinner", "en": "cannot answer"}


@pytest.mark.parametrize(("language", "says"), [("fi", "monimutkai"), ("sv", "komplexitet"), ("en", "complexity")])
def test_the_time_is_extended_for_the_reasons_that_the_law_knows(case, language, says):
    letter = letter_for(case(language=language), "extension", details="{details}")

    assert says in letter.text
    assert LACK_OF_TIME[language] not in letter.text
    assert "{details}" in letter.text


def identity_letter(request, **facts) -> str:
    first = letter_for(request, "identity", details="- Missä asuit?")
    assert "{waiting}" in first.text
    form = AskIdentityForm(vars(first) | {"because": "Kaksi samannimistä"} | facts, case=request)
    assert form.is_valid(), form.errors
    return form.cleaned_data["text"]


def test_the_question_about_the_identity_says_whether_the_time_stands_still_and_what_follows(case):
    request = case(language="en", identified=False)
    follows = "If we get no answer, we cannot carry out the request, and close it. You can ask again whenever you like."

    running, standing = identity_letter(request), identity_letter(request, suspend="on")

    assert follows in running
    assert follows in standing
    assert "stands still" not in running
    assert "the time within which we answer your request stands still" in standing


@pytest.mark.parametrize("whom", ["child", "ward", "proxy"])
@pytest.mark.parametrize("code", ["nothing", "restricted", "lifting"])
def test_a_letter_to_who_asked_for_somebody_else_speaks_of_that_person(case, code, whom):
    own = letter_for(case(language="en"), code)
    other = letter_for(case(language="en", whom=whom, about_name="Eino", identified=False), code)

    assert "the person whom the request concerns" in other.text
    assert "the person whom" not in own.text
    for words in ("about you", "your data"):
        assert words not in (other.subject + other.text).lower()


def test_the_offices_own_letter_for_somebody_else_is_a_text_of_its_own(case, officer):
    texts = {code: f"{code}: {{name}} {{remedies}}" for code in ("fi", "sv", "en")}
    change_template(code="nothing_other", subject=texts, text=texts, by=officer)

    assert letter_for(case(whom="ward", about_name="Eino", identified=False), "nothing").text.startswith("fi: Aino")
    assert not letter_for(case(), "nothing").text.startswith("fi: Aino")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_letter_says_a_period_that_the_office_can_change(case, language):
    text = letter_for(case(language=language), "nothing").text

    assert not {"kolmen", "tre", "three"} & set(text.split())


def test_what_the_law_keeps_back_is_given_to_the_ombudsman_when_it_is_asked_for(case):
    request = case(language="en")
    barred = letter_for(request, "partly", grounds=("national",)).text
    assert "given to the Data Protection Ombudsman (section 34(4))" in barred
    assert "the rest is given to you" in barred

    assert "section 34(4)" not in letter_for(request, "partly", grounds=("others",)).text


def test_braces_that_a_person_wrote_are_not_filled_in(case):
    letter = letter_for(case(name="{office} {reference}"), "received")

    assert "{office} {reference}" in letter.text


def test_the_offices_own_text_speaks_from_its_version_on(case, officer):
    texts = {code: f"{code}: {{name}} {{grounds}} {{remedies}}" for code in ("fi", "sv", "en")}
    change_template(code="refusal", subject=texts, text=texts, by=officer)
    change_template(code="refusal", subject=texts, text={c: f"Uusi {t}" for c, t in texts.items()}, by=officer)

    assert letter_for(case(), "refusal").text.startswith("Uusi fi: Aino Virtanen")
    assert list(LetterTemplate.objects.values_list("number", flat=True)) == [2, 1]


@pytest.mark.parametrize(
    ("text", "says"), [("{name}", "must contain"), ("{grounds} {remedies} {nobody}", "Nothing is known")]
)
def test_a_text_that_lacks_what_the_law_asks_or_names_the_unknown_is_refused(officer, text, says):
    texts = dict.fromkeys(("fi", "sv", "en"), text)
    with pytest.raises(ValidationError, match=says):
        change_template(code="refusal", subject=dict.fromkeys(texts, "x"), text=texts, by=officer)

    assert not LetterTemplate.objects.exists()


def test_only_who_may_change_letters_changes_them(staff):
    texts = dict.fromkeys(("fi", "sv", "en"), "x")
    with pytest.raises(PermissionDenied):
        change_template(code="message", subject=texts, text=texts, by=staff("manager"))


def sent(case, officer, letter) -> tuple[RequestMessage, str]:
    message = write_message(request=case, by=officer, **vars(letter))
    token = letters()[-1].text.split("/request/open/")[1].split("/")[0]
    return message, token


def code_in(text: str) -> str:
    return next(word.strip(".") for word in text.split() if word.strip(".").isdigit() and len(word.strip(".")) == 6)


def test_the_email_holds_a_link_and_nothing_of_the_case(case, officer, letter):
    request = case()
    _message, token = sent(request, officer, letter)

    told = letters()[-1]
    assert told.to == "aino.virtanen@example.com"
    assert token in told.text
    assert all(text not in told.subject + told.text for text in ("Aino", "Olemme", "access"))


def test_a_link_opens_once_with_the_code(case, officer, letter, by):
    _message, token = sent(case(), officer, letter)
    send_code(token=token, by=by)
    code = code_in(letters()[-1].text)
    wrong = f"{(int(code) + 1) % 10**6:06}"

    assert use_link(token=token, code=wrong, by=by) is None
    assert use_link(token=token, code=f" {code[:3]} {code[3:]}", by=by).used_at is not None

    with pytest.raises(LinkNotValid):
        link_of(token)


def test_five_wrong_codes_kill_the_code_and_another_one_lives(case, officer, letter, by):
    _message, token = sent(case(), officer, letter)
    send_code(token=token, by=by)
    code = code_in(letters()[-1].text)
    for _try in range(5):
        assert use_link(token=token, code=f"{(int(code) + 1) % 10**6:06}", by=by) is None
    with pytest.raises(ValidationError, match="no longer valid"):
        use_link(token=token, code=code, by=by)
    send_code(token=token, by=by)

    assert use_link(token=token, code=code_in(letters()[-1].text), by=by) is not None


def test_a_code_expires(case, officer, letter, by):
    _message, token = sent(case(), officer, letter)
    send_code(token=token, by=by)
    OneTimeLink.objects.update(code_expires_at=timezone.now())

    with pytest.raises(ValidationError, match="no longer valid"):
        use_link(token=token, code=code_in(letters()[-1].text), by=by)


def test_neither_link_nor_code_stands_in_the_database(case, officer, letter, by):
    _message, token = sent(case(), officer, letter)
    send_code(token=token, by=by)
    row = OneTimeLink.objects.get()

    assert token.encode() not in bytes(row.token_digest)
    assert code_in(letters()[-1].text).encode() not in bytes(row.code_digest)


def test_links_go_a_month_after_they_have_expired(case, officer, letter):
    sent(case(), officer, letter)
    assert purge_links() == 0
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(days=31))

    assert purge_links() == 1


def test_a_letter_on_paper_sends_no_email(case, officer, letter):
    request = case(email=None, email_key=None, answer_by="paper")

    message = write_message(request=request, by=officer, **vars(letter))

    assert (message.sent_by, letters()) == ("paper", [])


def test_what_the_person_writes_back_is_kept_encrypted(case, by):
    message = take_message(request=case(), text="Kiitos, lisään vielä: asuin portaassa B.", by=by)

    assert RequestMessage.objects.get(pk=message.pk).text.reveal().startswith("Kiitos")
    with pytest.raises(ValidationError):
        take_message(request=case(), text=" ", by=by)
