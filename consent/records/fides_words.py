"""Our words in Fideslang's. A key that its default taxonomy has no word for is defined in `OWN_…`, under its parent."""

from accounts.classification import Category
from consent.words import Article, SubjectClass, Transfer

CATEGORIES: dict[str, list[str]] = {
    Category.IDENTITY: ["user.name", "user.demographic.date_of_birth", "user.demographic.language"],
    Category.CONTACT: ["user.contact"],
    Category.IDENTITY_CODE: ["user.government_id.national_identification_number"],
    Category.RESIDENCE: ["user.residence"],
    Category.OWNERSHIP: ["user.ownership"],
    Category.FINANCIAL: ["user.financial"],
    Category.COMMUNICATION: ["user.content.private"],
    Category.FEEDBACK: ["user.content.feedback"],
    Category.MARKETING: ["user.privacy_preferences"],
    Category.ACCESS_CONTROL: ["user.access_control"],
    Category.CASE: ["user.case"],
    Category.ACCOUNT: ["user.account"],
    Category.USAGE: ["user.behavior"],
}
# Fields of which the default taxonomy knows more than of their category.
FIELDS: dict[tuple[str, str], str] = {
    (Category.IDENTITY, "first_names"): "user.name.first",
    (Category.IDENTITY, "last_name"): "user.name.last",
    (Category.IDENTITY, "date_of_birth"): "user.demographic.date_of_birth",
    (Category.IDENTITY, "language"): "user.demographic.language",
    (Category.IDENTITY, "contact_role"): "user.job_title",
    (Category.CONTACT, "email"): "user.contact.email",
    (Category.CONTACT, "contact_email"): "user.contact.email",
    (Category.CONTACT, "dpo_email"): "user.contact.email",
    (Category.CONTACT, "to"): "user.contact.email",
    (Category.CONTACT, "phone"): "user.contact.phone_number",
    (Category.CONTACT, "contact_phone"): "user.contact.phone_number",
    (Category.CONTACT, "dpo_phone"): "user.contact.phone_number",
    (Category.CONTACT, "street_address"): "user.contact.address.street",
    (Category.CONTACT, "postal_code"): "user.contact.address.postal_code",
    (Category.CONTACT, "post_office"): "user.contact.address.city",
    (Category.CONTACT, "country"): "user.contact.address.country",
    (Category.CONTACT, "contact_key"): "user.unique_id.pseudonymous",
    (Category.MARKETING, "contact_key"): "user.unique_id.pseudonymous",
    (Category.ACCOUNT, "password"): "user.authorization.password",
    (Category.ACCOUNT, "remote_addr"): "user.device.ip_address",
}
OWN_CATEGORIES = {
    "user.residence": "In which apartment somebody lives, from when until when.",
    "user.ownership": "Which shares somebody owns, and seats on boards.",
    "user.content.feedback": "Feedback and complaints, and their answers.",
    "user.access_control": "Keys, lock events and recordings of cameras.",
    "user.case": "Claims, disputes and restrictions of processing.",
}

# By the code of a shipped purpose; `use_of` says what holds for the others.
USES: dict[str, str] = {
    "identification": "essential.service.identification",
    "charges": "essential.service.payment_processing",
    "collection": "finance.debt_collection",
    "informing": "essential.service.notifications",
    "services": "essential.service.operations",
    "interests": "operations.legal_claims",
    "feedback": "functional.service.improve",
    "marketing": "marketing.communications",
    "surveillance": "essential.service.security.camera_surveillance",
    "access_control": "essential.service.security.access_control",
    "accounting": "finance",
    "accountability": "essential.legal_obligation",
}
OWN_USES = {
    "essential.service.identification": "Makes sure that somebody at the desk or on the phone is who they say.",
    "essential.service.security.access_control": "Keeps account of keys and of who may open which door.",
    "essential.service.security.camera_surveillance": "Protects people and property on the premises by cameras.",
    "finance.debt_collection": "Collects charges and rents that are overdue.",
    "operations.legal_claims": "Establishes, exercises and defends legal claims.",
}

SUBJECTS: dict[str, str] = {
    SubjectClass.RESIDENT: "resident",
    SubjectClass.OWNER: "shareholder",
    SubjectClass.BOARD_MEMBER: "board_member",
    SubjectClass.PAYER: "payer",
    SubjectClass.DEBTOR: "debtor",
    SubjectClass.REPORTER: "reporter",
    SubjectClass.CASE_PARTY: "case_party",
    SubjectClass.CUSTOMER: "customer",
    SubjectClass.PROSPECT: "prospect",
    SubjectClass.VISITOR: "visitor",
    SubjectClass.USER: "registered_user",
}
OWN_SUBJECTS = ("resident", "board_member", "payer", "debtor", "reporter", "case_party", "registered_user")

LEGAL_BASES: dict[str, str] = {
    Article.CONSENT: "Consent",
    Article.CONTRACT: "Contract",
    Article.LAW: "Legal obligations",
    Article.VITAL: "Vital interests",
    Article.PUBLIC: "Public interest",
    Article.INTEREST: "Legitimate interests",
}
TRANSFERS: dict[str, str] = {
    Transfer.ADEQUACY: "Adequacy Decision",
    Transfer.CLAUSES: "SCCs",
    Transfer.RULES: "BCRs",
    Transfer.DEROGATION: "Other",
}


def use_of(code: str, *, is_marketing: bool) -> str:
    """Of a purpose that the office wrote itself no more is known than whether it is marketing."""
    return USES.get(code) or ("marketing.communications" if is_marketing else "operations")


def category_of(category: str, field: str) -> list[str]:
    precise = FIELDS.get((category, field))
    return [precise] if precise else CATEGORIES[category][:1]
