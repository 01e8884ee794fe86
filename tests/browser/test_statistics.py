"""Statistics of a company in the browser: clean for axe in light and dark, at both widths, and told in words."""

import pytest
from django.urls import reverse

from retention.models import BuildingQuarter
from tests.browser.test_every_page import faults
from tests.pages.conftest import office  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_a_companys_statistics_are_clean(scheme, width, office, office_page, live_server):  # noqa: F811
    assert office.closed
    page = office_page("accountant")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + reverse("admin:company", args=[office.company.pk]))

    page.locator(f'a[href="{reverse("admin:statistics")}?company={office.company.pk}"]').click()

    page.get_by_role("heading", name="Rantatie 5").wait_for()
    assert page.locator(".chart .bar").count() == 2 * BuildingQuarter.objects.exclude(residents=None).count() > 0
    assert page.reports == []
    assert faults(page) == []
    page.reports.clear()
