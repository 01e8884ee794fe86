"""Which housing companies somebody has to do with."""

from django.db.models import Q, QuerySet

from registers.models import HousingCompany, Ownership, Person, Residency


def houses_of(person: Person) -> QuerySet[HousingCompany]:
    """Where the person lives or owns, or did."""
    living = Residency.objects.filter(person=person).values("apartment__housing_company")
    owning = Ownership.objects.filter(person=person).values("share_group__housing_company")
    return HousingCompany.objects.filter(Q(pk__in=living) | Q(pk__in=owning)).order_by("name", "pk")
