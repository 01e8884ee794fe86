"""Phone numbers as people read them."""

import phonenumbers


def phone_number(value: str) -> str:
    """+358 40 1234567, easier to read than E.164."""
    if not value:
        return ""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(value), phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return value
