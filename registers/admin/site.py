from django.contrib import admin


class OfficeSite(admin.AdminSite):
    pass
