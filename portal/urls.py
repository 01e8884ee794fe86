"""The portal's addresses: keys of companies and of records, no names."""

from django.urls import path

from portal.views import files, house

urlpatterns = [
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
