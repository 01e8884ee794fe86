"""What of this room is for everybody: the schema of packages."""

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from rights.package.schema import NAME, schema


@require_safe
def package_schema(request: HttpRequest, name: str) -> JsonResponse:
    """So that a program can read what a person brings along (GDPR Art. 20(1))."""
    if name != NAME:
        raise Http404
    return JsonResponse(schema(), json_dumps_params={"indent": 1}, content_type="application/schema+json")
