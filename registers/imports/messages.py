"""Problem codes in words: what is wrong, where, and what to do. Marked here, translated in the catalogues."""

from collections.abc import Callable

from django.utils.translation import gettext

from registers.imports.problems import FileRefused, Problem


def _(message: str) -> str:
    """Marks a message for the catalogues. Django's own mark asks for settings, and reading files needs none."""
    return message


FILE_MESSAGES = {
    "too_large": _(
        "The file is too large: %(megabytes)s MB, and at most %(limit)s MB can be read. "
        "Remove pictures, or send one building at a time."
    ),
    "empty_file": _("The file is empty."),
    "no_data": _("The file holds no sheet with data."),
    "not_a_spreadsheet": _(
        "This is a %(kind)s file whatever its name says, not a spreadsheet. Save the list as XLSX, ODS or CSV."
    ),
    "web_page": _(
        "This is a web page or XML that calls itself a spreadsheet. "
        "Open it in your spreadsheet program and save it as XLSX."
    ),
    "not_text": _(
        "This is neither a spreadsheet nor text. Save the list as XLSX, ODS or CSV in your spreadsheet program."
    ),
    "unknown_encoding": _("The letters of this text can't be read. Save it again as CSV UTF-8."),
    "zip_bomb": _(
        "Unpacked, this workbook would be far larger than %(limit)s MB. It was not opened. "
        "Copy the list alone to a new workbook."
    ),
    "too_heavy": _(
        "Opening this workbook takes too much memory or time. Copy the list alone to a new workbook and save that."
    ),
    "macros": _("This workbook holds macros. Save it as an XLSX workbook without macros."),
    "password_protected": _("This file is protected by a password. Save it without the password."),
    "binary_workbook": _("This is a binary workbook (XLSB). Save it as XLSX."),
    "broken_file": _(
        "This file is damaged and can't be opened. Open it in your spreadsheet program and save it again."
    ),
    "too_many_columns": _(
        "The sheet %(sheet)s has %(columns)s columns; at most %(limit)s can be read. Keep only the columns of the list."
    ),
    "too_many_rows": _(
        "The sheet %(sheet)s has %(rows)s rows or more; at most %(limit)s can be read. "
        "Divide the list into several files."
    ),
    "too_many_cells": _("There are more than %(limit)s cells. Keep only the columns and rows of the list."),
    "unclosed_quote": _(
        "Row %(row)s: a quotation mark opens a cell and nothing closes it. Remove the mark, or save the list as XLSX."
    ),
    "no_header": _(
        "No row of titles was found in the first rows. Write the titles of the columns above the list, as in "
        "Huoneisto, Sukunimi, Etunimet."
    ),
    "columns_missing": _("Columns are missing, or their titles are not known: %(columns)s."),
    "broken_row": _("Row %(row)s can't be divided into cells. Save the list as XLSX, or as CSV again."),
}

MESSAGES = {
    # the file
    "extension_differs": _(
        "The name ends in %(extension)s, but by its content the file is %(format)s. It was read as that."
    ),
    "other_sheets": _("The sheet %(sheet)s was read. The other sheets were not: %(others)s."),
    "name_order_assumed": _(
        "The last name was taken to stand first in %(count)s names. If the first name stands first, "
        "call the column Etunimet Sukunimi."
    ),
    "identity_codes_ignored": _("%(count)s personal identity codes were left out: no ground to store them was given."),
    "further_phone": _("A second phone number was left out on %(count)s rows."),
    "further_email": _("A second email address was left out on %(count)s rows."),
    "columns_left_out": _("These columns were left out, for their titles are not known: %(columns)s."),
    "title_names_other_company": _(
        "Above its header the file names another housing company: %(name)s. Check that you chose the right one."
    ),
    "nobody_taken_as_moved_out": _(
        "The apartment can't be read on some rejected rows, so nobody is offered as moved out. "
        "Correct these rows and bring the file in again."
    ),
    # rows
    "other_company": _(
        "The business ID on this row is that of another housing company. Bring each company in by itself."
    ),
    "building_unclear": _(
        "It is not clear which building this is. Add a column with the building's address, or give the address "
        "when you bring the file in."
    ),
    "organisation_as_resident": _(
        "An organisation can't live in an apartment. Write who lives there; the organisation may be the owner in a "
        "share register."
    ),
    "estate_as_resident": _(
        "An estate can't live in an apartment. Write who lives there now, and end the residency of the deceased on "
        "the person's page."
    ),
    "several_candidates": _(
        "Several people in the register could be meant. Write the date of birth, or merge the records if they are "
        "one person."
    ),
    "namesake_with_birth": _(
        "Row %(about)s has the same name here with a date of birth. Write the date of birth on this row too."
    ),
    "other_identity_code": _("The register has another personal identity code for this person. Check both."),
    "same_code_twice": _("Two people in the file have the same personal identity code. Correct one of them."),
    "rows_disagree": _("Row %(about)s says other contact details for the same person. Correct one of the rows."),
    "dates_disagree_with_register": _("With the dates in the register, the move-out would be before the move-in."),
    "same_home_twice": _("The same person is in the same apartment at the same time on row %(about)s."),
    "overlaps_in_register": _(
        "In the register the person lives or has lived in this apartment at an overlapping time. "
        "Check the move-in date."
    ),
    "ended_in_register": _(
        "In the register the person moved out on %(day)s. The file doesn't say so; nothing changes."
    ),
    "share_group_unclear": _(
        "Several share groups in the register could be meant by %(about)s. Give the share group's ID."
    ),
    "shares_of_another_group": _(
        "Some of these shares belong to the share group %(about)s. Correct the share numbers."
    ),
    "fraction_missing": _("The share group has several owners at the same time. Write the fraction of each of them."),
    "fractions_exceed": _("The fractions of this share group's owners come to more than the whole. Correct them."),
    "fractions_exceed_register": _(
        "With the owners in the register the fractions would come to more than the whole. "
        "Accept also that the former owners end, or correct the fractions."
    ),
    "several_organisations": _("Several organisations in the register have this name. Write the business ID."),
    "owner_dates_disagree": _("With the dates in the register, the ownership would end before it begins."),
    "same_owner_twice": _("The same ownership stands on row %(about)s. Remove one of them."),
    "owner_overlaps_in_register": _(
        "In the register the ownership has ended at a time that overlaps with this one. "
        "Check the date from which it is owned."
    ),
    "nobody_taken_as_ended": _(
        "The share group can't be read on some rejected rows, so no ownership is offered as ended. "
        "Correct these rows and bring the file in again."
    ),
    "order_alone": _(
        "The non-disclosure order was recorded. The rest of the row is for somebody who may see people under an order."
    ),
    "changed_meanwhile": _(
        "The register has changed since the review, so this was not applied. Bring the file in again to see how it "
        "stands now."
    ),
    "total_row": _("This is a row of totals. It was skipped."),
    "repeated_header": _("The header is repeated here. It was skipped."),
    "vacant_apartment": _("No resident in %(apartment)s. The row was skipped."),
    "duplicate_row": _("The same as row %(first)s. Remove one of them."),
    # cells of any kind
    "formula_error": _("The formula gives the error %(error)s. Write the value itself."),
    "formula_without_value": _(
        "The formula has no computed value. "
        "Open the file in your spreadsheet program, save it there, and send it again."
    ),
    "too_long": _("%(value)s is too long: at most %(limit)s characters fit."),
    "identity_code_elsewhere": _("This cell holds a personal identity code. Remove it: this column is not protected."),
    # apartment
    "apartment_missing": _("The apartment is missing. Write it as A 12 or A 12 b."),
    "not_a_designation": _("%(value)s is not an apartment. Write staircase, number and letter, as in A 12 b."),
    "parts_disagree": _("%(value)s says another staircase or letter than its own column. Correct one of them."),
    # names
    "name_missing": _("The name is missing."),
    "last_name_missing": _("There is a first name but no last name. Write the last name in its column."),
    "not_a_name": _("%(value)s can't be read as a name. Write last name and first names, and nothing else."),
    "several_people": _("%(value)s names several people. Give each of them a row of their own."),
    "several_or_double_name": _(
        "%(value)s may be two people, or one with a double last name. "
        "Give each a row, or divide the name into two columns."
    ),
    "business_id_of_person": _(
        "A person has a business ID here. "
        "If it is the housing company's, map the column as that; if a company is meant, "
        "write its name."
    ),
    "birth_date_of_organisation": _("An organisation has a date of birth here. Remove it, or correct the name."),
    # dates
    "not_a_date": _("%(value)s is not a date. Write it as day.month.year, as in 1.5.2024."),
    "no_such_day": _("%(value)s is not a date: there is no such day. Write it as day.month.year."),
    "two_digit_year": _("%(value)s does not say which century. Write the year with four digits."),
    "only_a_year": _("%(value)s is only a year. Write the whole date as day.month.year."),
    "slashed_date": _("%(value)s could be read in two ways. Write it as day.month.year, as in 1.5.2024."),
    "implausible_year": _("%(value)s can't be right: the year is not between %(earliest)s and %(latest)s."),
    "birth_in_future": _("The date of birth lies in the future. Correct it."),
    "birth_date_differs": _("The date of birth and the personal identity code disagree. Correct one of them."),
    "moved_out_before_in": _("The move-out on %(value)s is before the move-in. Correct one of the dates."),
    "owned_to_before_from": _("The ownership ends on %(value)s, before it begins. Correct one of the dates."),
    # identity codes
    "not_an_identity_code": _("This is not a Finnish personal identity code. Check it, or leave it out."),
    "identity_code_check_character": _(
        "The check character does not fit the personal identity code. Check it, or leave it out."
    ),
    "identity_code_of_minor": _(
        "The personal identity code of a minor was left out. "
        "It can be entered on the person's page with a documented ground."
    ),
    "not_a_business_id": _("%(value)s is not a business ID. Write it as 1234567-8."),
    "business_id_check_digit": _("The check digit of the business ID %(value)s is wrong."),
    # contacts
    "not_a_phone": _("%(value)s is not a phone number. Write it as 040 123 4567, or +46 … for another country."),
    "several_phones": _("%(value)s holds several phone numbers. Leave one, or give the other a column of its own."),
    "not_an_email": _("%(value)s is not an email address. Write it as name@example.fi."),
    "several_emails": _("%(value)s holds several email addresses. Leave one, or give the other a column of its own."),
    "not_a_postal_code": _(
        "%(value)s is not a postal code. "
        "Write five digits; put a country's letters before a foreign one, as in SE-111 22."
    ),
    "not_a_postal_line": _("%(value)s is not a postal code and post office. Write them as 00530 Helsinki."),
    # choices
    "not_yes_or_no": _("%(value)s is neither yes nor no. Write x or kyllä for yes, and leave the cell empty for no."),
    "non_disclosure_assumed": _(
        "The cell was not understood, so a non-disclosure order was assumed. Write ei if there is none."
    ),
    "unknown_role": _("%(value)s is no kind of resident. Write owner, tenant, household or other."),
    "other_language": _("%(value)s is not a language that we write in. The language was left open."),
    # shares
    "share_group_missing": _("The share group is missing. Write its name, as in A 1, or its ID."),
    "not_a_range": _("%(value)s is no range of share numbers. Write it as 1-100, and several as 1-100, 151-160."),
    "range_became_date": _(
        "Your spreadsheet program has turned the share numbers into a date. "
        "Format the column as text and write them again."
    ),
    "range_reversed": _("The share numbers %(value)s end before they begin."),
    "range_incomplete": _("The first or the last share number is missing. Write both."),
    "ranges_overlap": _("The ranges %(value)s overlap: %(number)s is in two of them."),
    "ranges_missing": _("No row of this share group says its share numbers. Write them on one of its rows."),
    "group_ranges_overlap": _("The rows of this share group disagree: share %(number)s is in two ranges."),
    "share_count_differs": _(
        "%(declared)s shares are declared, but the share numbers come to %(counted)s. Correct whichever is wrong."
    ),
    "not_a_whole_number": _("%(value)s is not a whole number."),
    "not_a_fraction": _("%(value)s is not a fraction. Write it as 1/2."),
    "rounded_fraction": _("%(value)s may be rounded. Write it as a fraction, as in 2/3."),
    "fraction_out_of_bounds": _("The fraction must be more than nothing and at most the whole. Correct it."),
    "fraction_incomplete": _("The numerator or the denominator is missing. Write both."),
    "fraction_became_date": _(
        "Your spreadsheet program has turned the fraction into a date. Format the column as text and write it again."
    ),
}

FIELD_NAMES = {
    "company_business_id": _("housing company's business ID"),
    "company_name": _("housing company"),
    "building": _("building"),
    "building_code": _("building code"),
    "building_address": _("building's address"),
    "designation": _("apartment"),
    "staircase": _("staircase"),
    "number": _("apartment number"),
    "suffix": _("apartment letter"),
    "full_name": _("name in one column"),
    "last_name": _("last name"),
    "first_names": _("first names"),
    "organisation_name": _("organisation's name"),
    "business_id": _("owner's or resident's business ID"),
    "estate": _("estate of a deceased"),
    "date_of_birth": _("date of birth"),
    "identity_code": _("personal identity code"),
    "phone": _("phone"),
    "email": _("email"),
    "street_address": _("street address"),
    "postal_code": _("postal code"),
    "post_office": _("post office"),
    "postal_line": _("postal code and post office"),
    "language": _("language"),
    "non_disclosure": _("non-disclosure order"),
    "moved_in": _("move-in date"),
    "moved_out": _("move-out date"),
    "role": _("role"),
    "share_group_id": _("share group's ID"),
    "share_group_name": _("share group"),
    "ranges": _("share numbers"),
    "range_start": _("first share number"),
    "range_end": _("last share number"),
    "share_count": _("number of shares"),
    "fraction": _("fraction owned"),
    "numerator": _("fraction's numerator"),
    "denominator": _("fraction's denominator"),
    "owned_from": _("owned from"),
    "owned_to": _("owned to"),
}

_HIDDEN = _("The value")
_PLACES = {
    (True, True): _("Row %(row)s, column %(column)s: %(text)s"),
    (True, False): _("Row %(row)s: %(text)s"),
    (False, True): _("Column %(column)s: %(text)s"),
    (False, False): "%(text)s",
}


def describe(problem: Problem, translate: Callable[[str], str] = gettext) -> str:
    """With its place: "Row 14, column Muuttopäivä: 31.2.2024 is not a date …"."""
    params = {"value": translate(_HIDDEN), **problem.params}
    text = translate(MESSAGES[problem.code]) % params
    place = _PLACES[problem.row is not None, bool(problem.column)]
    located = place if place == "%(text)s" else translate(place)
    return located % {"row": problem.row, "column": problem.column, "text": text}


def describe_refusal(refused: FileRefused, translate: Callable[[str], str] = gettext) -> str:
    return translate(FILE_MESSAGES[refused.code]) % refused.params
