"""What tests of pages do over and over."""

from django.urls import reverse


def post(client, name, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data)


def correct(client, person, **facts):
    """Open the form, as a person does, and send it back with `facts`."""
    shown = text_of(client.get(reverse("admin:person_correct", args=[person.pk])))
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    return post(client, "person_correct", person.pk, seen=seen, **facts)


def text_of(response) -> str:
    return response.content.decode()
