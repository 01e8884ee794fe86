"""Our words in those of the Data Privacy Vocabulary 2 (W3C community group): the most precise true term of each."""

from accounts.classification import Category
from consent.words import Article, SubjectClass, Transfer

PREFIXES = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
LEGAL_BASES: dict[str, str] = {article: f"eu-gdpr:A6-1-{article}" for article in Article.values}
TRANSFERS: dict[str, str] = {
    Transfer.ADEQUACY: "eu-gdpr:A45-3",
    Transfer.CLAUSES: "eu-gdpr:A46-2-c",
    Transfer.RULES: "eu-gdpr:A46-2-b",
    Transfer.DEROGATION: "dpv:DataTransferLegalBasis",  # which derogation of Art. 49 stands in its own words
}
PERSONAL_DATA: dict[str, str] = {
    Category.IDENTITY: "pd:Identifying",
    Category.CONTACT: "pd:Contact",
    Category.IDENTITY_CODE: "pd:OfficialID",
    Category.RESIDENCE: "pd:PhysicalAddress",
    Category.OWNERSHIP: "pd:Ownership",
    Category.FINANCIAL: "pd:Financial",
    Category.COMMUNICATION: "pd:Communication",
    Category.FEEDBACK: "pd:Opinion",
    Category.MARKETING: "pd:PrivacyPreference",
    Category.ACCESS_CONTROL: "pd:Tracking",
    Category.ACCOUNT: "pd:Authenticating",
    Category.USAGE: "pd:Behavioral",
}  # the others: dpv:PersonalData
SUBJECTS: dict[str, str] = {
    SubjectClass.OWNER: "dpv:Member",
    SubjectClass.BOARD_MEMBER: "dpv:Member",
    SubjectClass.CUSTOMER: "dpv:Customer",
    SubjectClass.VISITOR: "dpv:Visitor",
    SubjectClass.USER: "dpv:User",
}  # the others: dpv:DataSubject
PURPOSES: dict[str, str] = {
    "identification": "dpv:IdentityVerification",
    "charges": "dpv:PaymentManagement",
    "collection": "dpv:CustomerClaimsManagement",
    "informing": "dpv:CommunicationManagement",
    "services": "dpv:ServiceProvision",
    "interests": "dpv:DisputeManagement",
    "feedback": "dpv:CustomerCare",
    "marketing": "dpv:DirectMarketing",
    "surveillance": "dpv:EnforceSecurity",
    "access_control": "dpv:EnforceAccessControl",
    "accounting": "dpv:LegalCompliance",
    "accountability": "dpv:RecordManagement",
}  # the others: dpv:Purpose


def purpose_term(code: str, *, is_marketing: bool) -> str:
    return PURPOSES.get(code) or ("dpv:DirectMarketing" if is_marketing else "dpv:Purpose")
