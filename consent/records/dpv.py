"""The record as JSON-LD in the words of the Data Privacy Vocabulary: a process for each purpose of a controller."""

from consent.notices.facts import Facts
from consent.records.dpv_nodes import Graph, Node
from consent.records.dpv_words import PREFIXES

CONTEXT = PREFIXES | {
    "label": {"@id": "skos:prefLabel", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
}
PROCESS = ("dpv:Process", "dpv:PersonalDataProcess")


def linked_data(records: list[Facts], processor: Facts) -> Node:
    """Whole: every reference leads to a node of the graph or to a term of a vocabulary."""
    graph = Graph()
    for record in records:
        _add_controller(graph, record)
    if processor["processor"]:
        _add_processor(graph, processor)
    return {"@context": CONTEXT, "@graph": list(graph.nodes.values())}


def _add_controller(graph: Graph, record: Facts) -> None:
    own = record["controller"]["business_id"]
    who = graph.party("dpv:DataController", record["controller"], record["dpo"])
    measures = graph.measures(own, record["security"])
    for purpose in record["purposes"]:
        key = f"{own}:{purpose['code']}"
        said = {
            "label": purpose["name"],
            "dpv:hasDataController": [who],
            "dpv:hasPurpose": [graph.purpose(own, purpose)],
            "dpv:hasLegalBasis": graph.bases(key, purpose),
            "dpv:hasPersonalData": graph.data(purpose["categories"]),
            "dpv:hasDataSubject": graph.subjects(purpose["subjects"]),
            "dpv:hasRecipient": graph.recipients(own, purpose),
            "dpv:hasStorageCondition": [graph.storage(key, purpose)],
            "dpv:hasTechnicalOrganisationalMeasure": measures,
        }
        graph.put(f"{key}:process", *PROCESS, **said)


def _add_processor(graph: Graph, record: Facts) -> None:
    own = record["processor"]["business_id"]
    who = graph.party("dpv:DataProcessor", record["processor"], record["dpo"])
    measures = graph.measures(own, record["security"])
    for company in record["companies"]:
        business_id = company["contact"]["business_id"]
        key = business_id if company["controller_key"] else "shipped"
        said = {
            "dpv:hasDataController": [graph.party("dpv:DataController", company["contact"], company["dpo"])],
            "dpv:hasDataProcessor": [who],
            "dpv:hasPurpose": [graph.purpose(key, purpose) for purpose in company["purposes"]],
            "dpv:hasPersonalData": graph.data(dict.fromkeys(c for p in company["purposes"] for c in p["categories"])),
            "dpv:hasRecipient": [graph.place(f"{own}:transfer", "dpv:Recipient", p) for p in company["transfers"]],
            "dpv:hasTechnicalOrganisationalMeasure": measures,
        }
        graph.put(f"{business_id}:on-behalf", *PROCESS, **said)
