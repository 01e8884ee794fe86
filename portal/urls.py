"""The portal's addresses: keys of companies and of records, no names."""

from django.urls import path

from portal.views import files, house
from portal.views.own import again, asking, data, moving

urlpatterns = [
    path("own/", data.start, name="own"),
    path("own/data/", data.data, name="own_data"),
    path("own/told/", data.told, name="own_told"),
    path("own/consents/", data.consents, name="own_consents"),
    path("own/requests/", asking.requests, name="own_requests"),
    path("own/requests/new/<slug:right>/", asking.ask, name="own_ask"),
    path("own/requests/<int:pk>/", asking.follow, name="own_request"),
    path("own/requests/<int:pk>/letter/<int:number>/", asking.letter, name="own_letter"),
    path("own/requests/<int:pk>/package/", asking.package, name="own_package"),
    path("own/moves/", moving.moves, name="own_moves"),
    path("own/moves/new/<slug:kind>/", moving.tell, name="own_move"),
    path("own/moves/<int:pk>/withdraw/", moving.withdraw, name="own_move_withdraw"),
    path("own/again/", again.again, name="own_again"),
    path("", house.companies, name="portal"),
    path("<int:pk>/", house.company, name="portal_company"),
    path("<int:pk>/residents/", house.residents, name="portal_residents"),
    path("<int:pk>/shares/", house.owners, name="portal_owners"),
    path("<int:pk>/moves/", house.moves, name="portal_moves"),
    path("<int:pk>/search/", house.search, name="portal_search"),
    path("<int:pk>/notices/", house.notices, name="portal_notices"),
    path("<int:pk>/documents/", house.documents, name="portal_documents"),
    path("<int:pk>/documents/<int:number>/", files.take, name="portal_document"),
    path("<int:pk>/file/<slug:register>/", files.list_file, name="portal_file"),
]
