"""The one way into the ledger: at the end of a learner's chain, in the unit of work that decided it (rules §4)."""

from uuid import UUID

from server.base.outbox import Event
from server.base.shapes import hours_text
from server.base.work import Work
from server.hours.store import ledger
from server.hours.store.ledger import Entry
from server.rules.ledger import Facts, append


async def write(work: Work, account: UUID, facts: Facts) -> Entry:
    """Append a row and say so: event `hours.credited`, pushed to the learner."""
    await work.fail("ledger.before_insert")
    entry = Entry(work.id(), append(facts, await ledger.last(work.tx, facts.learner)))
    await ledger.append(work.tx, entry)
    await work.fail("ledger.after_insert")
    said = {"entry": str(entry.id), "class": str(facts.activity), "hours": hours_text(facts.hours)}
    more = {"account": str(account), "year": facts.year, "kind": facts.kind.value}
    work.emit(Event("hours.credited", str(entry.id), said | more))
    work.push(f"person:{account}", "hours.credited", said)
    return entry
