"""What was weighed in cases, for everything that asks whether a purpose may use somebody's data."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from consent.queries.upheld import register_upheld
from registers.models import FormerKey
from rights.models import RequestStep
from rights.words import Did


@register_upheld
def upheld_objections(purpose: int) -> dict[int, datetime]:
    """The newest word about each person, whatever key they had then; not of a case that turned out to be about somebody
    else. Two queries."""
    later = RequestStep.objects.filter(request=OuterRef("request"), did=Did.UNMATCHED, pk__gt=OuterRef("pk"))
    rows = RequestStep.objects.filter(did__in=[Did.UPHELD, Did.OUTWEIGHED], purpose=purpose).exclude(Exists(later))
    said = list(rows.order_by("pk").values_list("request__person_key", "did", "at"))
    keys = FormerKey.objects.filter(key__in={key for key, _did, _at in said if key is not None})
    now = dict(keys.values_list("key", "person_id"))
    newest = {now.get(key, key): (did, at) for key, did, at in said if key is not None}
    return {key: at for key, (did, at) in newest.items() if did == Did.UPHELD}
