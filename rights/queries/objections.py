"""What was weighed in cases, for everything that asks whether a purpose may use somebody's data."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from consent.queries.upheld import register_upheld
from rights.models import RequestStep
from rights.words import Did


@register_upheld
def upheld_objections(purpose: int) -> dict[int, datetime]:
    """The newest word about each person; not of a case that turned out to be about somebody else. One query."""
    later = RequestStep.objects.filter(request=OuterRef("request"), did=Did.UNMATCHED, pk__gt=OuterRef("pk"))
    rows = RequestStep.objects.filter(did__in=[Did.UPHELD, Did.OUTWEIGHED], purpose=purpose).exclude(Exists(later))
    newest = {key: (did, at) for key, did, at in rows.order_by("pk").values_list("request__person_key", "did", "at")}
    return {key: at for key, (did, at) in newest.items() if key is not None and did == Did.UPHELD}
