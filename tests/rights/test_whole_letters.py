"""A letter does not leave without what the law asks it to say, whatever became of its template's text."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from registers.dates import day
from rights.services.closing import close_request
from rights.services.handling import ask_identity, extend
from rights.words import Ground
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db


def refused_for(refused) -> str:
    (says,) = refused.value.message_dict["text"]
    return says


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("outcome", "code"), [("refused", "refusal"), ("partly", "partly"), ("nothing", "nothing")])
def test_the_letters_as_they_are_filled_in_are_whole(case, officer, language, outcome, code):
    request = case("other", language=language, matched=outcome != "nothing")
    grounds = ("unfounded",) if outcome != "nothing" else ()
    letter = whole_letter(request, code, grounds=grounds)

    assert close_request(request=request, outcome=outcome, grounds=grounds, by=officer, **letter).outcome == outcome


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_a_refusal_names_each_ground_and_how_to_complain(case, officer, outcome):
    request = case("other")
    says = {"subject": "Päätös", "text": "Ei."}

    with pytest.raises(ValidationError) as refused:
        close_request(request=request, outcome=outcome, grounds=["unfounded", "others"], by=officer, **says)

    with translation.override("fi"):
        labels = [str(Ground.UNFOUNDED.label), str(Ground.OTHERS.label)]
    named = "; ".join([*labels, "how to complain and to go to court"])
    assert refused_for(refused) == (
        f"The letter does not say: {named}. Write it in, or open the letter anew: there it stands."
    )
    request.refresh_from_db()
    assert (request.state, request.messages.count()) == ("working", 0)


def test_one_of_two_grounds_in_the_letter_is_not_enough(case, officer):
    request = case("other")
    letter = whole_letter(request, "refusal", grounds=("unfounded",))

    with pytest.raises(ValidationError) as refused:
        close_request(request=request, outcome="refused", grounds=["unfounded", "others"], by=officer, **letter)

    with translation.override("fi"):
        assert str(Ground.OTHERS.label) in refused_for(refused)
        assert str(Ground.UNFOUNDED.label) not in refused_for(refused)


@pytest.mark.parametrize("lacks", ["tietosuojavaltuutetulle", "tuomioistuimen"])
def test_the_remedies_name_the_authority_and_the_courts(case, officer, lacks):
    request = case("other")
    letter = whole_letter(request, "refusal", grounds=("unfounded",))
    assert lacks in letter["text"]
    letter["text"] = letter["text"].replace(lacks, "")

    with pytest.raises(ValidationError) as refused:
        close_request(request=request, outcome="refused", grounds=["unfounded"], by=officer, **letter)

    assert "how to complain" in refused_for(refused)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_extension_tells_its_reason_and_the_new_date(case, officer, language):
    request = case(language=language)
    letter = whole_letter(request, "extension", details="many\nregisters")
    new, because = day(request.extended_due_on), "many registers"
    for lacks, named in ((new, "the day by which we answer"), ("many", "reason")):
        with pytest.raises(ValidationError) as refused:
            extend(request=request, because=because, by=officer, subject="x", text=letter["text"].replace(lacks, ""))
        assert f"does not say: {named}" in refused_for(refused)

    assert extend(request=request, because=because, by=officer, **letter).template == "extension"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_question_about_the_identity_says_whether_the_time_stands_still(case, officer, language):
    request = case(identified=False, language=language)
    goes_on = whole_letter(request, "identity", details="-")
    asked = {"request": request, "because": "two of this name", "by": officer}

    with pytest.raises(ValidationError) as refused:
        ask_identity(suspend=True, **asked, **goes_on)

    assert "that the time stands still" in refused_for(refused)
    assert request.suspensions.count() == 0
    ask_identity(suspend=True, **asked, **whole_letter(request, "identity", details="-", stands_still=True))
    assert request.suspensions.count() == 1
