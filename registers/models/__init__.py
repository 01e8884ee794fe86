"""One file per register."""

from registers.models.access_log import AccessEntry
from registers.models.apartment import Apartment
from registers.models.board_seat import BoardSeat
from registers.models.building import Building
from registers.models.controller import Controller
from registers.models.former_key import FormerKey
from registers.models.housing_company import HousingCompany
from registers.models.identity_code import IdentityCode
from registers.models.import_run import ImportMapping, ImportRow, ImportRun
from registers.models.organisation import Organisation
from registers.models.ownership import Ownership
from registers.models.person import Person
from registers.models.person_account import PersonAccount
from registers.models.portfolio import CompanyDuty, Substitution
from registers.models.residency import Residency
from registers.models.share_group import ShareGroup, ShareRange

__all__ = [
    "AccessEntry",
    "Apartment",
    "BoardSeat",
    "Building",
    "CompanyDuty",
    "Controller",
    "FormerKey",
    "HousingCompany",
    "IdentityCode",
    "ImportMapping",
    "ImportRow",
    "ImportRun",
    "Organisation",
    "Ownership",
    "Person",
    "PersonAccount",
    "Residency",
    "ShareGroup",
    "ShareRange",
    "Substitution",
]
